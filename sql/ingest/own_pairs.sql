-- One row per (user, movie) that somebody told or keeps anything about in this app, with the title it had then.
with pairs as (
    select
        ratings.user_id,
        ratings.movie_id
    from ratings
    where ratings.source = 'app'
    union
    select
        feedback.user_id,
        feedback.movie_id
    from feedback
    union
    select
        opinions.user_id,
        opinions.movie_id
    from opinions
    union
    select
        watches.user_id,
        watches.movie_id
    from watches
    union
    select
        watchlist.user_id,
        watchlist.movie_id
    from watchlist
    union
    select
        notes.user_id,
        notes.movie_id
    from notes
    union
    select
        unlearned.user_id,
        unlearned.movie_id
    from unlearned
)

select
    pairs.user_id,
    pairs.movie_id,
    movies.title,
    coalesce(users.source, 'app') = 'app' as is_app_user
from pairs
left join movies
    on pairs.movie_id = movies.movie_id
left join users
    on pairs.user_id = users.user_id
order by
    pairs.user_id,
    pairs.movie_id
