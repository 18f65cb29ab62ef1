-- Notes that TMDB was asked about a movie, in place of an earlier time.
-- params: $movie_id, $now
insert or replace into film_lookups (movie_id, looked_up_at)
values ($movie_id, $now)
