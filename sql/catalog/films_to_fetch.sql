-- One row per movie not asked about since $since, or in vain before $failed_since, the most rated first.
-- params: $since, $failed_since
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
where film_lookups.looked_up_at is null
    or film_lookups.looked_up_at < $since
    or (film_lookups.reason is not null and film_lookups.looked_up_at < $failed_since)
order by
    counted.n_ratings desc nulls last,
    movies.movie_id
