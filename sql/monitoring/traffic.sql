-- One row: the requests from $since to before $until. Latency and fallbacks are those of successful answers.
-- params: $since, $until
with period as (
    select
        requests.user_id,
        requests.latency_ms,
        requests.is_fallback,
        requests.status < 400 as is_served
    from requests
    where requests.requested_at >= $since and requests.requested_at < $until
)

select
    count(*) as n_requests,
    count(distinct period.user_id) as n_users,
    count(*) filter (where not period.is_served) as n_errors,
    avg(period.latency_ms) filter (where period.is_served) as latency_mean_ms,
    quantile_cont(period.latency_ms, 0.5) filter (where period.is_served) as p50_ms,
    quantile_cont(period.latency_ms, 0.95) filter (where period.is_served) as p95_ms,
    quantile_cont(period.latency_ms, 0.99) filter (where period.is_served) as p99_ms,
    avg(period.is_fallback::integer) filter (where period.is_served) as fallback_rate
from period
