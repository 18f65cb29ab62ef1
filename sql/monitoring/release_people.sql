-- One row per number of ratings and of likes: how many people of the release gave that many.
with people as (
    select
        ratings.user_id,
        count(*) as n_ratings,
        count(*) filter (where ratings.rating >= 4) as n_likes
    from ratings
    where ratings.source = 'release'
    group by ratings.user_id
)

select
    people.n_ratings,
    people.n_likes,
    count(*) as n_people
from people
group by
    people.n_ratings,
    people.n_likes
order by
    people.n_ratings,
    people.n_likes
