-- Says how far a run is that has begun at $since.
-- params: $run_id, $since, $stage, $share
update job_runs
set
    started_at = $since,
    stage = $stage,
    progress = $share
where job_runs.run_id = $run_id
