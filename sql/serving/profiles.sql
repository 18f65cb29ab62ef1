-- One row per person with a name, the first made first.
select
    profiles.user_id,
    profiles.name,
    profiles.color,
    profiles.created_at
from profiles
order by
    profiles.created_at,
    profiles.user_id
