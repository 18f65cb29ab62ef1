-- One row per user with ratings or events of their own, from this app.
select
    users.user_id,
    users.gender,
    users.age,
    users.occupation,
    users.zip_code,
    users.source,
    users.created_at
from users
where users.user_id in (
    select ratings.user_id
    from ratings
    where ratings.source = 'app'
    union all
    select feedback.user_id
    from feedback
)
order by users.user_id
