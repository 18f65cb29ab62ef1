-- Which endpoint was slow, and on which day?
select
    daily_latency.day,
    daily_latency.endpoint,
    daily_latency.n_answers,
    round(daily_latency.p50_ms, 2) as p50_ms,
    round(daily_latency.p95_ms, 2) as p95_ms,
    round(daily_latency.p99_ms, 2) as p99_ms
from daily_latency
order by daily_latency.p95_ms desc
limit 100
