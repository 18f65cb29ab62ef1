-- Removes a person.
-- params: $user_id
delete from users
where users.user_id = $user_id
