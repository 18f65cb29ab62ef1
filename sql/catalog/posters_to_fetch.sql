-- One row per poster of a movie, unless TMDB could not give it since $since; the most rated first.
-- params: $since
with counted as (
    select
        ratings.movie_id,
        count(*) as n_ratings
    from ratings
    group by ratings.movie_id
)

select
    film_metadata.poster_path,
    max(counted.n_ratings) as n_ratings
from film_metadata
left join counted
    on film_metadata.movie_id = counted.movie_id
left join poster_lookups
    on film_metadata.poster_path = poster_lookups.poster_path
where film_metadata.poster_path is not null
    and (poster_lookups.looked_up_at is null or poster_lookups.looked_up_at < $since)
group by film_metadata.poster_path
order by
    n_ratings desc nulls last,
    film_metadata.poster_path
