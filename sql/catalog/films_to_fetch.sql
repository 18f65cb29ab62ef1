-- One row per movie that TMDB was not asked about since $since, the most rated first.
-- params: $since
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
    movies.release_year,
    links.imdb_id,
    links.tmdb_id
from movies
left join links
    on movies.movie_id = links.movie_id
left join counted
    on movies.movie_id = counted.movie_id
left join film_lookups
    on movies.movie_id = film_lookups.movie_id
where film_lookups.looked_up_at is null or film_lookups.looked_up_at < $since
order by
    counted.n_ratings desc nulls last,
    movies.movie_id
