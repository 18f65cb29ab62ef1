-- One row per job: how often it ran, how often in vain, and how long it takes.
create view job_summary as
select
    job_runs.job,
    count(*) as n_runs,
    count(*) filter (where job_runs.outcome in ('failed', 'interrupted')) as n_failed,
    max(job_runs.started_at) as last_started_at,
    arg_max(job_runs.outcome, job_runs.started_at) as last_outcome,
    median(epoch(job_runs.finished_at) - epoch(job_runs.started_at)) as median_seconds,
    max(epoch(job_runs.finished_at) - epoch(job_runs.started_at)) as longest_seconds
from job_runs
group by job_runs.job
order by job_runs.job;

comment on view job_summary is 'One row per job: how often it ran, how often in vain, and how long it takes.';
comment on column job_summary.job is 'Name of the job.';
comment on column job_summary.n_runs is 'Runs that are on record.';
comment on column job_summary.n_failed is 'Runs that failed, or were cut off.';
comment on column job_summary.last_started_at is 'Start of the newest run (UTC).';
comment on column job_summary.last_outcome is 'How the newest run with an outcome ended.';
comment on column job_summary.median_seconds is 'Median duration of the runs that ended.';
comment on column job_summary.longest_seconds is 'Longest duration of a run that ended.'
