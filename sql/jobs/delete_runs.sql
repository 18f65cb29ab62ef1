-- Deletes the ended runs before $until but the newest of each job.
-- params: $until
delete from job_runs
where
    job_runs.started_at < $until
    and job_runs.outcome is not null
    and job_runs.started_at < (
        select max(newest.started_at)
        from job_runs as newest
        where newest.job = job_runs.job
    )
