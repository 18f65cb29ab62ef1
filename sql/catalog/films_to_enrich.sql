-- One row per movie: what it can be found by elsewhere, and how many ratings it has.
select
    movies.movie_id,
    movies.title,
    movies.release_year,
    links.imdb_id,
    links.tmdb_id,
    count(ratings.movie_id) as n_ratings
from movies
left join links
    on movies.movie_id = links.movie_id
left join ratings
    on movies.movie_id = ratings.movie_id
group by
    movies.movie_id,
    movies.title,
    movies.release_year,
    links.imdb_id,
    links.tmdb_id
order by movies.movie_id
