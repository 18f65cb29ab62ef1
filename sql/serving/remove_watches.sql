-- Removes all times that a person watched a movie.
-- params: $user_id, $movie_id
delete from watches
where watches.user_id = $user_id and watches.movie_id = $movie_id
