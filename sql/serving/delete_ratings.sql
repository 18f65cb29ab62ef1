-- Removes all ratings of a person.
-- params: $user_id
delete from ratings
where ratings.user_id = $user_id
