-- Removes all opinions of a person.
-- params: $user_id
delete from opinions
where opinions.user_id = $user_id
