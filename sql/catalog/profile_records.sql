-- One row per thing that a person told of a movie: everything that an export of the profile holds.
-- params: $user_id
with told as (
    select
        'rating' as kind,
        ratings.movie_id,
        ratings.rating as stars,
        ratings.rated_at as at,
        null::date as watched_on,
        null::boolean as is_rewatch,
        null::varchar as text
    from ratings
    where ratings.user_id = $user_id
    union all by name
    select
        'watched' as kind,
        watches.movie_id,
        watches.added_at as at,
        watches.watched_on,
        watches.is_rewatch
    from watches
    where watches.user_id = $user_id
    union all by name
    select
        'watchlist' as kind,
        watchlist.movie_id,
        watchlist.added_at as at
    from watchlist
    where watchlist.user_id = $user_id
    union all by name
    select
        opinions.opinion as kind,
        opinions.movie_id,
        opinions.since as at
    from opinions
    where opinions.user_id = $user_id
    union all by name
    select
        'note' as kind,
        notes.movie_id,
        notes.noted_at as at,
        notes.note as text
    from notes
    where notes.user_id = $user_id
    union all by name
    select
        'unlearned' as kind,
        unlearned.movie_id,
        unlearned.since as at
    from unlearned
    where unlearned.user_id = $user_id
)

select
    told.kind,
    told.movie_id,
    movies.title,
    movies.release_year as year,
    links.imdb_id,
    links.tmdb_id,
    told.stars,
    told.at,
    told.watched_on,
    told.is_rewatch,
    told.text
from told
inner join movies
    on told.movie_id = movies.movie_id
left join links
    on told.movie_id = links.movie_id
order by
    told.kind,
    told.movie_id,
    told.watched_on,
    told.at
