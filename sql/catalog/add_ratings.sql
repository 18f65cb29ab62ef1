-- Adds a person's ratings of movies that they had not rated; those without a time are of now.
-- params: $user_id, $now
-- incoming: movie_id, stars, at
insert into ratings (user_id, movie_id, rating, rated_at, arrived_at, source)
select
    $user_id,
    incoming.movie_id,
    incoming.stars,
    coalesce(incoming.at::timestamp, $now),
    $now,
    'app'
from incoming
where not exists (
    select 1
    from ratings
    where ratings.user_id = $user_id
        and ratings.movie_id = incoming.movie_id
)
