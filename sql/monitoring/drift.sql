-- One row per genre and per tenth of the films by popularity: how often its films were shown, and liked, in the period.
-- params: $since, $until
with places as (
    select unnest(requests.recommendations) as movie_id
    from requests
    where
        requests.requested_at >= $since
        and requests.requested_at < $until
        and requests.endpoint not in ('rank', 'explain')
),

shown as (
    select
        places.movie_id,
        count(*) as n_shown
    from places
    group by places.movie_id
),

likes as (
    select
        ratings.user_id,
        ratings.movie_id,
        ratings.rated_at as liked_at
    from ratings
    where ratings.rating >= 4 and ratings.rated_at < $until
    union
    select
        opinions.user_id,
        opinions.movie_id,
        opinions.since as liked_at
    from opinions
    where opinions.opinion = 'like' and opinions.since < $until
),

first_likes as (
    select
        likes.user_id,
        likes.movie_id,
        min(likes.liked_at) as liked_at
    from likes
    group by
        likes.user_id,
        likes.movie_id
),

liked as (
    select
        first_likes.movie_id,
        count(*) filter (where first_likes.liked_at >= $since) as n_liked,
        count(*) filter (where first_likes.liked_at < $since) as n_liked_before
    from first_likes
    group by first_likes.movie_id
),

rated as (
    select
        ratings.movie_id,
        count(*) as n_ratings
    from ratings
    where ratings.rated_at < $since
    group by ratings.movie_id
),

films as (
    select
        movies.movie_id,
        if(len(movies.genres) = 0, ['(none listed)'], movies.genres) as genres,
        ntile(10) over (order by coalesce(rated.n_ratings, 0) desc, movies.movie_id) as tenth,
        coalesce(shown.n_shown, 0) as n_shown,
        coalesce(liked.n_liked, 0) as n_liked,
        coalesce(liked.n_liked_before, 0) as n_liked_before
    from movies
    left join shown on movies.movie_id = shown.movie_id
    left join liked on movies.movie_id = liked.movie_id
    left join rated on movies.movie_id = rated.movie_id
),

grouped as (
    select
        'genre' as kind,
        unnest(films.genres) as name,
        1 / len(films.genres) as weight,
        films.n_shown,
        films.n_liked,
        films.n_liked_before
    from films
    union all
    select
        'popularity' as kind,
        films.tenth::varchar as name,
        1.0 as weight,
        films.n_shown,
        films.n_liked,
        films.n_liked_before
    from films
)

select
    grouped.kind,
    grouped.name,
    sum(grouped.weight * grouped.n_shown) as shown,
    sum(grouped.weight * grouped.n_liked) as liked,
    sum(grouped.weight * grouped.n_liked_before) as liked_before
from grouped
group by
    grouped.kind,
    grouped.name
order by
    grouped.kind,
    try_cast(grouped.name as integer),
    grouped.name
