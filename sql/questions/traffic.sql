-- How much is asked each day, how varied are the answers, and did any fail?
select
    daily_traffic.day,
    daily_traffic.n_requests,
    daily_traffic.n_users,
    daily_traffic.n_failed,
    round(daily_coverage.coverage, 3) as coverage,
    round(daily_fallback.fallback_share, 3) as fallback_share
from daily_traffic
left join daily_coverage on daily_traffic.day = daily_coverage.day
left join daily_fallback on daily_traffic.day = daily_fallback.day
order by daily_traffic.day desc
