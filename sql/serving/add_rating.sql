-- Adds a person's own rating of a movie that they had not rated.
-- params: $user_id, $movie_id, $rating, $now
insert into ratings (user_id, movie_id, rating, rated_at, arrived_at, source)
values ($user_id, $movie_id, $rating, $now, $now, 'app')
