-- Adds runs of jobs that wait for their turn or begin.
-- incoming: run_id, job, started_by, started_at, stage
insert into job_runs (run_id, job, started_by, started_at, stage)
select
    incoming.run_id::uuid as run_id,
    incoming.job,
    incoming.started_by,
    incoming.started_at,
    incoming.stage
from incoming
