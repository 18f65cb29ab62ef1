-- One row: whose name it is, or none where it is nobody's. Case does not matter.
-- params: $called
select profiles.user_id
from profiles
where lower(profiles.name) = lower($called)
order by profiles.user_id
limit 1
