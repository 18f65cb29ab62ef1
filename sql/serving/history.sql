-- One row per rating of a person, by movie; instants as seconds since 1970.
-- params: $user_id
select
    ratings.movie_id,
    ratings.rating,
    greatest(0, least(floor(epoch(ratings.rated_at)), 4294967295))::uinteger as rated_at
from ratings
where ratings.user_id = $user_id
order by ratings.movie_id
