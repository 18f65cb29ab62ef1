-- Removes all that a person watched.
-- params: $user_id
delete from watches
where watches.user_id = $user_id
