-- Removes the name of a person.
-- params: $user_id
delete from profiles
where profiles.user_id = $user_id
