-- One row per rating, by user and movie; instants as seconds since 1970.
select
    ratings.user_id,
    ratings.movie_id,
    ratings.rating,
    greatest(0, least(floor(epoch(ratings.rated_at)), 4294967295))::uinteger as rated_at
from ratings
order by
    ratings.user_id,
    ratings.movie_id
