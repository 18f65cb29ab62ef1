-- One row per rating before an instant that models may learn from, oldest first; the newest two million.
-- params: $until
with known as (
    select
        ratings.user_id,
        ratings.movie_id,
        ratings.rating,
        ratings.rated_at
    from ratings
    anti join unlearned
        on ratings.user_id = unlearned.user_id
        and ratings.movie_id = unlearned.movie_id
    where ratings.rated_at < $until
    order by
        ratings.rated_at desc,
        ratings.user_id desc,
        ratings.movie_id desc
    limit 2000000
)

select
    known.user_id,
    known.movie_id,
    known.rating,
    known.rated_at
from known
order by
    known.rated_at,
    known.user_id,
    known.movie_id
