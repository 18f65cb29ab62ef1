-- One row per person: what the release says of them.
select
    users.user_id,
    users.gender,
    users.age,
    users.occupation
from users
order by users.user_id
