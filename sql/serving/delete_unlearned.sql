-- Removes what models may not learn of a person.
-- params: $user_id
delete from unlearned
where unlearned.user_id = $user_id
