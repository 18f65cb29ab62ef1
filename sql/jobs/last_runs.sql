-- One row per job: when it last ran. A run that was interrupted is due again, but only once.
with runs as (
    select
        job_runs.job,
        job_runs.started_at,
        job_runs.outcome,
        lag(job_runs.outcome) over (partition by job_runs.job order by job_runs.started_at) as outcome_before
    from job_runs
)

select
    runs.job,
    max(runs.started_at) as started_at
from runs
where
    runs.outcome is distinct from 'interrupted'
    or runs.outcome_before = 'interrupted'
group by runs.job
order by runs.job
