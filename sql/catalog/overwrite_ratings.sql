-- Replaces a person's ratings by others, where stars or time differ.
-- params: $user_id, $now
-- incoming: movie_id, stars, at
update ratings
set
    rating = incoming.stars,
    rated_at = coalesce(incoming.at::timestamp, $now),
    arrived_at = $now,
    source = 'app'
from incoming
where ratings.user_id = $user_id
    and ratings.movie_id = incoming.movie_id
    and (ratings.rating <> incoming.stars::float or ratings.rated_at <> incoming.at::timestamp)
