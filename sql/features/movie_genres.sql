-- One row per movie and genre.
select
    movies.movie_id,
    unnest(movies.genres) as genre
from movies
order by
    movies.movie_id,
    genre
