-- Removes the list settings of all but these people: their ids mean others in another release.
-- incoming: user_id
delete from presets
where presets.user_id not in (select incoming.user_id from incoming)
