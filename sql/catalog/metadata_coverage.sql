-- One row: how many movies and ratings of the release have metadata, and by what the movies were matched.
with counted as (
    select
        ratings.movie_id,
        count(*) as n_ratings
    from ratings
    group by ratings.movie_id
)

select
    count(*) as n_movies,
    count(film_metadata.movie_id) as n_matched,
    coalesce(sum(counted.n_ratings), 0)::bigint as n_ratings,
    coalesce(sum(counted.n_ratings) filter (where film_metadata.movie_id is not null), 0)::bigint
        as n_ratings_matched,
    count(*) filter (where film_metadata.matched_by = 'tmdb id') as n_by_tmdb_id,
    count(*) filter (where film_metadata.matched_by = 'imdb id') as n_by_imdb_id,
    count(*) filter (where film_metadata.matched_by = 'title') as n_by_title
from movies
left join film_metadata
    on movies.movie_id = film_metadata.movie_id
left join counted
    on movies.movie_id = counted.movie_id
