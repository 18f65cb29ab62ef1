-- Takes a movie off a person's watchlist.
-- params: $user_id, $movie_id
delete from watchlist
where watchlist.user_id = $user_id and watchlist.movie_id = $movie_id
