-- One row per movie: what the release says of it, and its plot and keywords where they are known.
select
    movies.movie_id,
    movies.title,
    movies.release_year,
    movies.genres,
    film_metadata.overview,
    coalesce(film_metadata.keywords, []) as keywords
from movies
left join film_metadata
    on movies.movie_id = film_metadata.movie_id
order by movies.movie_id
