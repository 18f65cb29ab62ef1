-- Who uses the app, and since when?
select
    user_activity.user_id,
    user_activity.n_requests,
    user_activity.n_own_ratings,
    user_activity.n_events,
    user_activity.n_ratings,
    user_activity.first_at,
    user_activity.last_at
from user_activity
where user_activity.n_requests + user_activity.n_own_ratings + user_activity.n_events > 0
order by user_activity.last_at desc
limit 100
