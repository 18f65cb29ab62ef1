-- Adds the ratings of a release.
-- params: $now
-- incoming: user_id, movie_id, rating, seconds
insert into ratings (
    user_id,
    movie_id,
    rating,
    rated_at,
    arrived_at,
    source
)
select
    incoming.user_id,
    incoming.movie_id,
    incoming.rating,
    make_timestamp(incoming.seconds * 1000000),
    $now,
    'release'
from incoming
