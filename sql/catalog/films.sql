-- One row per movie: what lists and searches need. Likes are counted in windows that end with the release.
-- `people` are directors and actors; the poster is named as at TMDB.
with newest as (
    -- The release's own time ends here; people's ratings years later do not move it.
    select dataset.last_rated_at
    from dataset
),

counted as (
    select
        ratings.movie_id,
        count(*) as n_ratings,
        count(*) filter (where ratings.rating >= 4) as likes_all,
        count(*) filter (
            where ratings.rating >= 4
            and ratings.rated_at > newest.last_rated_at - interval '365 days'
            and ratings.rated_at <= newest.last_rated_at
        ) as likes_year,
        count(*) filter (
            where ratings.rating >= 4
            and ratings.rated_at > newest.last_rated_at - interval '30 days'
            and ratings.rated_at <= newest.last_rated_at
        ) as likes_month,
        count(*) filter (
            where ratings.rating >= 4
            and ratings.rated_at > newest.last_rated_at - interval '7 days'
            and ratings.rated_at <= newest.last_rated_at
        ) as likes_week,
        count(*) filter (
            where ratings.rating >= 4
            and ratings.rated_at > newest.last_rated_at - interval '1 day'
            and ratings.rated_at <= newest.last_rated_at
        ) as likes_day
    from ratings
    cross join newest
    group by ratings.movie_id
)

select
    movies.movie_id,
    movies.title,
    movies.release_year,
    movies.genres,
    coalesce(counted.n_ratings, 0) as n_ratings,
    coalesce(counted.likes_all, 0) as likes_all,
    coalesce(counted.likes_year, 0) as likes_year,
    coalesce(counted.likes_month, 0) as likes_month,
    coalesce(counted.likes_week, 0) as likes_week,
    coalesce(counted.likes_day, 0) as likes_day,
    film_metadata.runtime_min,
    film_metadata.poster_path,
    coalesce(list_concat(film_metadata.directors, film_metadata.actors), []) as people
from movies
left join counted on movies.movie_id = counted.movie_id
left join film_metadata on movies.movie_id = film_metadata.movie_id
order by movies.movie_id
