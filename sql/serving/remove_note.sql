-- Removes a person's note on a movie.
-- params: $user_id, $movie_id
delete from notes
where notes.user_id = $user_id and notes.movie_id = $movie_id
