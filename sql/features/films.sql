-- One row per movie: what the release says of it.
select
    movies.movie_id,
    movies.title,
    movies.release_year,
    movies.genres
from movies
order by movies.movie_id
