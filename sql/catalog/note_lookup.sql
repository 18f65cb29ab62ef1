-- Notes that TMDB was asked about a movie, in place of an earlier time.
-- params: $movie_id, $reason, $now
insert or replace into film_lookups (movie_id, reason, looked_up_at)
values ($movie_id, $reason, $now)
