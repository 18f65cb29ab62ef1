-- Removes all events of a person.
-- params: $user_id
delete from feedback
where feedback.user_id = $user_id
