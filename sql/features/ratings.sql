-- One row per rating, oldest first; ties in a fixed order.
select
    ratings.user_id,
    ratings.movie_id,
    ratings.rating,
    ratings.rated_at
from ratings
order by
    ratings.rated_at,
    ratings.user_id,
    ratings.movie_id
