-- Removes what was found for these days before.
-- incoming: day
delete from replay_outcomes
where replay_outcomes.day in (select incoming.day from incoming)
