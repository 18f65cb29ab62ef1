-- One row: where else a movie is known, and what is known of it beyond the release.
-- params: $movie_id
select
    coalesce(links.imdb_id, film_metadata.imdb_id) as imdb_id,
    coalesce(links.tmdb_id, film_metadata.tmdb_id) as tmdb_id,
    film_metadata.overview,
    film_metadata.vote_average,
    film_metadata.popularity,
    film_metadata.runtime_min,
    film_metadata.released_on,
    coalesce(film_metadata.directors, []) as directors,
    coalesce(film_metadata.actors, []) as actors,
    coalesce(film_metadata.keywords, []) as keywords
from movies
left join links
    on movies.movie_id = links.movie_id
left join film_metadata
    on movies.movie_id = film_metadata.movie_id
where movies.movie_id = $movie_id
