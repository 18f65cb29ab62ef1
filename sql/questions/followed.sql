-- At which place of a list do people take up what is recommended, within seven days?
with told as (
    select
        feedback.user_id,
        feedback.movie_id,
        feedback.occurred_at as at,
        feedback.event_type,
        lead(feedback.event_type) over (
            partition by
                feedback.user_id,
                feedback.movie_id,
                if(
                    feedback.event_type in ('like', 'dislike', 'hide'),
                    'opinion',
                    replace(feedback.event_type, '_removed', '')
                )
            order by
                feedback.occurred_at,
                feedback.rowid
        ) as next_type
    from feedback
),

-- What was imported left no event, and what was taken back next is no sign.
signs as (
    select
        ratings.user_id,
        ratings.movie_id,
        ratings.rated_at as at
    from ratings
    union all
    select
        opinions.user_id,
        opinions.movie_id,
        opinions.since as at
    from opinions
    where opinions.opinion = 'like'
    union all
    select
        told.user_id,
        told.movie_id,
        told.at
    from told
    where
        told.event_type not in ('hide', 'dislike', 'unlearned')
        and not ends_with(told.event_type, '_removed')
        and not coalesce(ends_with(told.next_type, '_removed'), false)
),

shown as (
    select
        recommended_movies.place,
        count(*) as n_shown
    from recommended_movies
    where recommended_movies.user_id is not null
    group by recommended_movies.place
),

followed as (
    select
        recommended_movies.place,
        count(distinct recommended_movies.request_id) as n_followed
    from recommended_movies
    inner join signs
        on
            recommended_movies.user_id = signs.user_id
            and recommended_movies.movie_id = signs.movie_id
            and recommended_movies.requested_at < signs.at
            and recommended_movies.requested_at + interval 7 days >= signs.at
    group by recommended_movies.place
)

select
    shown.place,
    shown.n_shown,
    coalesce(followed.n_followed, 0) as n_followed,
    round(coalesce(followed.n_followed, 0) / shown.n_shown, 4) as followed_share
from shown
left join followed on shown.place = followed.place
order by shown.place
