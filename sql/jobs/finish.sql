-- Says how a run ended.
-- params: $run_id, $now, $outcome, $summary, $error
update job_runs
set
    finished_at = $now,
    outcome = $outcome,
    summary = $summary,
    error = $error
where job_runs.run_id = $run_id
