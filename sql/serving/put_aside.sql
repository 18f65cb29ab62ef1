-- One row per (user, movie) that is kept out of personal lists: watched, or hidden or disliked and not wanted since.
with events as (
    select
        feedback.user_id,
        feedback.movie_id,
        bool_or(feedback.event_type = 'watched') as is_watched,
        last(feedback.event_type order by feedback.occurred_at, feedback.rowid) filter (
            where feedback.event_type in ('hide', 'dislike', 'like', 'watchlist')
        ) as latest_opinion
    from feedback
    group by
        feedback.user_id,
        feedback.movie_id
)

select
    events.user_id,
    events.movie_id,
    events.is_watched,
    coalesce(events.latest_opinion in ('hide', 'dislike'), false) as is_unwanted
from events
where events.is_watched or events.latest_opinion in ('hide', 'dislike')
order by
    events.user_id,
    events.movie_id
