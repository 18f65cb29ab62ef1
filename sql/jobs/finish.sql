-- Says how a run ended.
-- params: $run_id, $now, $outcome, $summary, $error
update job_runs
set
    finished_at = $now,
    outcome = $outcome,
    -- What was last told is not the end.
    progress = case when $outcome in ('done', 'skipped') then 1 else progress end,
    summary = $summary,
    error = $error
where job_runs.run_id = $run_id
