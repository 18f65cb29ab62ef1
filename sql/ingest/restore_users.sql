-- Adds again the people who keep something of their own and are not in the new release.
-- incoming: user_id, gender, age, occupation, zip_code, created_at
insert into users (
    user_id,
    gender,
    age,
    occupation,
    zip_code,
    source,
    created_at
)
select
    incoming.user_id,
    incoming.gender,
    incoming.age,
    incoming.occupation,
    incoming.zip_code,
    'app',
    incoming.created_at
from incoming
where incoming.user_id not in (select users.user_id from users)
    and incoming.user_id in (
        select ratings.user_id
        from ratings
        where ratings.source = 'app'
        union all
        select feedback.user_id
        from feedback
        union all
        select opinions.user_id
        from opinions
        union all
        select watches.user_id
        from watches
        union all
        select watchlist.user_id
        from watchlist
        union all
        select notes.user_id
        from notes
        union all
        select unlearned.user_id
        from unlearned
        union all
        select profiles.user_id
        from profiles
    )
