-- One row: who the user is, or none for an id that nobody has.
-- params: $user_id
select
    users.user_id,
    users.gender,
    users.age,
    users.occupation,
    users.source
from users
where users.user_id = $user_id
