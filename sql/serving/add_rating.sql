-- Adds a rating of a movie that the person had not rated.
-- params: $user_id, $movie_id, $rating, $rated_at, $arrived_at, $source
insert into ratings (user_id, movie_id, rating, rated_at, arrived_at, source)
values ($user_id, $movie_id, $rating, $rated_at, $arrived_at, $source)
