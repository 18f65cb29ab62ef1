-- Lets models learn of a person's movie again.
-- params: $user_id, $movie_id
delete from unlearned
where unlearned.user_id = $user_id and unlearned.movie_id = $movie_id
