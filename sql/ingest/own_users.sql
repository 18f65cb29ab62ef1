-- One row per user: whoever keeps something of their own through a replacement is restored from it.
select
    users.user_id,
    users.gender,
    users.age,
    users.occupation,
    users.zip_code,
    users.source,
    users.created_at
from users
order by users.user_id
