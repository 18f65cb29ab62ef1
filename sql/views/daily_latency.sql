-- One row per day (UTC) and endpoint: how long its good answers took.
create view daily_latency as
with measured as (
    select
        requests.requested_at::date as day,
        requests.endpoint,
        count(*) as n_answers,
        avg(requests.latency_ms) as mean_ms,
        quantile_cont(requests.latency_ms, [0.5, 0.95, 0.99]) as quantiles,
        max(requests.latency_ms) as longest_ms
    from requests
    where requests.status < 400
    group by
        day,
        requests.endpoint
)

select
    measured.day,
    measured.endpoint,
    measured.n_answers,
    measured.mean_ms,
    measured.quantiles[1] as p50_ms,
    measured.quantiles[2] as p95_ms,
    measured.quantiles[3] as p99_ms,
    measured.longest_ms
from measured
order by
    measured.day,
    measured.endpoint;

comment on view daily_latency is 'One row per day (UTC) and endpoint: how long its good answers took.';
comment on column daily_latency.day is 'Day (UTC) of the requests.';
comment on column daily_latency.endpoint is 'What was asked for, as the app calls it.';
comment on column daily_latency.n_answers is 'Answers with a status below 400.';
comment on column daily_latency.mean_ms is 'Mean latency in milliseconds.';
comment on column daily_latency.p50_ms is 'Median latency in milliseconds.';
comment on column daily_latency.p95_ms is 'Latency in milliseconds that 19 of 20 answers kept.';
comment on column daily_latency.p99_ms is 'Latency in milliseconds that 99 of 100 answers kept.';
comment on column daily_latency.longest_ms is 'Longest latency in milliseconds.'
