-- Marks the runs as interrupted that never ended; only for when nothing runs.
-- params: $error
update job_runs
set
    outcome = 'interrupted',
    error = $error
where job_runs.outcome is null
