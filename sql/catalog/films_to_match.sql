-- One row per movie: every title and id by which other services may call it, and how many ratings it has.
with counted as (
    select
        ratings.movie_id,
        count(*) as n_ratings
    from ratings
    group by ratings.movie_id
)

select
    movies.movie_id,
    movies.title,
    film_metadata.title as tmdb_title,
    film_metadata.original_title,
    movies.release_year,
    coalesce(links.imdb_id, film_metadata.imdb_id) as imdb_id,
    coalesce(links.tmdb_id, film_metadata.tmdb_id) as tmdb_id,
    coalesce(counted.n_ratings, 0) as n_ratings
from movies
left join links
    on movies.movie_id = links.movie_id
left join film_metadata
    on movies.movie_id = film_metadata.movie_id
left join counted
    on movies.movie_id = counted.movie_id
order by movies.movie_id
