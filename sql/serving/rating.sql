-- One row: the rating of (user, movie) as it is stored, or none.
-- params: $user_id, $movie_id
select
    ratings.rating,
    ratings.rated_at,
    ratings.arrived_at,
    ratings.source
from ratings
where ratings.user_id = $user_id and ratings.movie_id = $movie_id
