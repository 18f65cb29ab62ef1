-- One row: how many of these movies the person rated otherwise.
-- params: $user_id
-- incoming: movie_id, stars, at
select count(*) as n_ratings
from incoming
inner join ratings
    on incoming.movie_id = ratings.movie_id
where ratings.user_id = $user_id
    and ratings.rating <> incoming.stars::float
