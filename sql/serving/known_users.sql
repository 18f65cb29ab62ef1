-- One row per person, with or without ratings.
select
    users.user_id,
    users.source = 'app' as is_own
from users
order by users.user_id
