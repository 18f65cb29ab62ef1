-- One row per rating that models may learn from, oldest first; ties in a fixed order.
select
    ratings.user_id,
    ratings.movie_id,
    ratings.rating,
    ratings.rated_at
from ratings
anti join unlearned
    on ratings.user_id = unlearned.user_id
    and ratings.movie_id = unlearned.movie_id
order by
    ratings.rated_at,
    ratings.user_id,
    ratings.movie_id
