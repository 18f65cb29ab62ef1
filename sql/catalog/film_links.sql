-- One row: where else a movie is known. No row where the release has no links.
-- params: $movie_id
select
    links.imdb_id,
    links.tmdb_id
from links
where links.movie_id = $movie_id
