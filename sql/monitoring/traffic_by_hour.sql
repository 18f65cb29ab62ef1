-- One row per hour with requests from $since to before $until, oldest first.
-- params: $since, $until
select
    date_trunc('hour', requests.requested_at) as hour,
    count(*) as n_requests,
    quantile_cont(requests.latency_ms, 0.95) filter (where requests.status < 400) as p95_ms
from requests
where requests.requested_at >= $since and requests.requested_at < $until
group by hour
order by hour
