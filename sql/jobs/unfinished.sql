-- One row per run that has not ended.
select
    job_runs.run_id::varchar as run_id,
    job_runs.job
from job_runs
where job_runs.outcome is null
order by job_runs.started_at, job_runs.job
