-- Removes what became of recommended films so far where the replay is not final, as it can go on no more.
delete from replay_outcomes
where not replay_outcomes.is_final
