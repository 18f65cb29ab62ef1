-- Removes what became of the films that a person was recommended.
-- params: $user_id
delete from replay_outcomes
where replay_outcomes.user_id = $user_id
