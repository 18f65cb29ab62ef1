-- One row: the name and color of a person, or none for somebody without.
-- params: $user_id
select
    profiles.name,
    profiles.color
from profiles
where profiles.user_id = $user_id
