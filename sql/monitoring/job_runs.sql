-- One row per run of a job that began before $until: the newest five of each job, the newest first.
-- params: $until
select
    job_runs.run_id::varchar as run_id,
    job_runs.job,
    job_runs.started_by,
    job_runs.started_at,
    job_runs.finished_at,
    job_runs.stage,
    job_runs.progress,
    job_runs.outcome,
    job_runs.summary,
    job_runs.error
from job_runs
where job_runs.started_at <= $until
qualify row_number() over (partition by job_runs.job order by job_runs.started_at desc) <= 5
order by
    job_runs.started_at desc,
    job_runs.job
