-- How long do the jobs take, and did any fail?
select
    job_summary.job,
    job_summary.n_runs,
    job_summary.n_failed,
    job_summary.last_started_at,
    job_summary.last_outcome,
    round(job_summary.median_seconds, 1) as median_seconds,
    round(job_summary.longest_seconds, 1) as longest_seconds
from job_summary
order by job_summary.job
