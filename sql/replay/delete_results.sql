-- Removes the figures of these days.
-- incoming: day
delete from replay_results
where replay_results.day in (select incoming.day from incoming)
