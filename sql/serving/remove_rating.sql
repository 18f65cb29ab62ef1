-- Removes the rating of (user, movie).
-- params: $user_id, $movie_id
delete from ratings
where ratings.user_id = $user_id and ratings.movie_id = $movie_id
