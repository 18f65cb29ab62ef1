-- One row per run of a job, the newest first: how long it took and how it ended.
create view job_history as
select
    job_runs.job,
    job_runs.started_by,
    job_runs.started_at,
    job_runs.finished_at,
    epoch(job_runs.finished_at) - epoch(job_runs.started_at) as seconds,
    coalesce(job_runs.outcome, 'running') as outcome,
    coalesce(job_runs.error, job_runs.summary) as told
from job_runs
order by
    job_runs.started_at desc,
    job_runs.job;

comment on view job_history is
'One row per run of a job, the newest first: how long it took and how it ended.';
comment on column job_history.job is 'Name of the job.';
comment on column job_history.started_by is
'What started it: the schedule, a command, a request, a page or the start of the app.';
comment on column job_history.started_at is 'Instant (UTC).';
comment on column job_history.finished_at is 'Instant (UTC); null while it runs.';
comment on column job_history.seconds is 'How long it took; null while it runs.';
comment on column job_history.outcome is
'"running", "done", "skipped", "cancelled", "failed" or "interrupted" (the process died).';
comment on column job_history.told is 'What it did, or what went wrong, in a sentence.'
