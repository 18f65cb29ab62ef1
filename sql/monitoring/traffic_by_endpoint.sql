-- One row per endpoint with requests from $since to before $until, the busiest first.
-- params: $since, $until
select
    requests.endpoint,
    count(*) as n_requests,
    count(*) filter (where requests.status >= 400) as n_errors,
    quantile_cont(requests.latency_ms, 0.5) filter (where requests.status < 400) as p50_ms,
    quantile_cont(requests.latency_ms, 0.95) filter (where requests.status < 400) as p95_ms,
    avg(requests.is_fallback::integer) filter (where requests.status < 400) as fallback_rate
from requests
where requests.requested_at >= $since and requests.requested_at < $until
group by requests.endpoint
order by
    n_requests desc,
    requests.endpoint
