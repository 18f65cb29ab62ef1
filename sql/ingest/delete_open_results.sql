-- Removes the figures of days whose replay is not final, as it can go on no more.
delete from replay_results
where not replay_results.is_final
