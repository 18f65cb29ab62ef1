-- One row: the requests from $since to before $until. Latency is that of successful answers.
-- params: $since, $until
-- The fallback rate is that of lists for people; what is similar or popular is so for everybody.
with measured as (
    select
        count(*) as n_requests,
        count(distinct requests.user_id) as n_users,
        count(*) filter (where requests.status >= 400) as n_errors,
        count(*) filter (where requests.status >= 500) as n_failures,
        avg(requests.latency_ms) filter (where requests.status < 400) as latency_mean_ms,
        quantile_cont(requests.latency_ms, [0.5, 0.95, 0.99]) filter (where requests.status < 400) as latency_ms,
        avg(requests.is_fallback::integer) filter (
            where requests.status < 400
            and requests.endpoint in ('recommend', 'home', 'rank', 'together')
        ) as fallback_rate
    from requests
    where requests.requested_at >= $since and requests.requested_at < $until
)

select
    measured.n_requests,
    measured.n_users,
    measured.n_errors,
    measured.n_failures,
    measured.latency_mean_ms,
    measured.latency_ms[1] as p50_ms,
    measured.latency_ms[2] as p95_ms,
    measured.latency_ms[3] as p99_ms,
    measured.fallback_rate
from measured
