-- One row: what came in after $since, up to $until. Films are those that were asked for in vain before.
-- params: $since, $until
with new_ratings as (
    select ratings.movie_id
    from ratings
    where ratings.arrived_at > $since and ratings.arrived_at <= $until
)

select
    (select count(*) from new_ratings) as n_ratings,
    (
        select count(*)
        from feedback
        where
            feedback.occurred_at > $since
            and feedback.occurred_at <= $until
            and feedback.event_type <> 'rating'
    ) as n_events,
    (
        select count(distinct unknown_movies.movie_id)
        from unknown_movies
        semi join new_ratings on unknown_movies.movie_id = new_ratings.movie_id
    ) as n_movies
