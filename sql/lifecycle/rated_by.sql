-- One row per rating of a person that models may learn from, oldest first; ties in a fixed order.
-- params: $user_id
select
    ratings.movie_id,
    ratings.rating,
    ratings.rated_at
from ratings
anti join unlearned
    on ratings.user_id = unlearned.user_id
    and ratings.movie_id = unlearned.movie_id
where ratings.user_id = $user_id
order by
    ratings.rated_at,
    ratings.movie_id
