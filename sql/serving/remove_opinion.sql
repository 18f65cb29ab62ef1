-- Removes a person's opinion of a movie.
-- params: $user_id, $movie_id
delete from opinions
where opinions.user_id = $user_id and opinions.movie_id = $movie_id
