-- One row: how many lists for people are logged, and the first day whose replay is not final; null for none.
-- params: $now, $k, $window_days
with lists as (
    select requests.requested_at::date as day
    from requests
    where
        requests.endpoint in ('recommend', 'home')
        and requests.user_id is not null
        and requests.status < 400
        and requests.requested_at < $now
        and len(requests.recommendations) > 0
),

final_days as (
    select distinct replay_outcomes.day
    from replay_outcomes
    where
        replay_outcomes.is_final
        and replay_outcomes.k = $k
        and replay_outcomes.window_days = $window_days
)

select
    count(*) as n_lists,
    min(lists.day) filter (where final_days.day is null) as first_open_day
from lists
left join final_days on lists.day = final_days.day
