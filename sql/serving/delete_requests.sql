-- Removes all that a person was answered.
-- params: $user_id
delete from requests
where requests.user_id = $user_id
