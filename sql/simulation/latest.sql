-- One row where a past period was lived again: the newest instant of all that was noted, when its time goes on.
select
    greatest(
        dataset.simulated_until,
        (select max(ratings.arrived_at) from ratings),
        (select max(feedback.occurred_at) from feedback),
        (select max(requests.requested_at) from requests),
        (select max(coalesce(job_runs.finished_at, job_runs.started_at)) from job_runs),
        (select max(promotion_decisions.decided_at) from promotion_decisions)
    ) as latest_at
from dataset
where dataset.simulated_until is not null
