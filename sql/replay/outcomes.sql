-- One row per person, version, kind of answer and day from $since on: what became of the recommended films.
-- params: $since, $now, $k, $window_days, $part, $n_parts
-- Beside it stands the popular list at the full hour before the day's first list: likes known then, less the seen.
with recursive lists as (
    -- Only lists that the app chose for a person: not candidates that somebody brought, nor lists for nobody.
    -- A first page begins with its list for the person; a film that stands in both is counted once below.
    select
        requests.user_id,
        coalesce(requests.model_version, 'none') as model_version,
        requests.is_fallback,
        requests.requested_at as shown_at,
        requests.recommendations[1:$k] as movie_ids
    from requests
    where
        requests.endpoint in ('recommend', 'home')
        and requests.user_id % $n_parts = $part
        and requests.status < 400
        and requests.requested_at < $now
        and len(requests.recommendations) > 0
),

-- One number for all that a film is counted within.
audiences as (
    select
        lists.user_id,
        lists.model_version,
        lists.is_fallback,
        row_number() over () as audience
    from lists
    group by
        lists.user_id,
        lists.model_version,
        lists.is_fallback
),

listed as (
    select
        audiences.audience,
        lists.shown_at,
        unnest(lists.movie_ids) as movie_id
    from lists
    inner join audiences
        on
            lists.user_id = audiences.user_id
            and lists.model_version = audiences.model_version
            and lists.is_fallback = audiences.is_fallback
),

visits as (
    select
        audiences.audience,
        audiences.user_id,
        lists.shown_at::date as day,
        min(lists.shown_at) as shown_at,
        count(*) as n_requests
    from lists
    inner join audiences
        on
            lists.user_id = audiences.user_id
            and lists.model_version = audiences.model_version
            and lists.is_fallback = audiences.is_fallback
    group by
        audiences.audience,
        audiences.user_id,
        day
),

lengths as (
    select
        daily.audience,
        daily.day,
        count(*) as n_listed
    from (
        select distinct
            listed.audience,
            listed.shown_at::date as day,
            listed.movie_id
        from listed
    ) as daily
    group by
        daily.audience,
        daily.day
),

-- What people told, and when: a later change of mind overwrites a rating or an opinion, so that the events
-- count too, but not as likes those that were taken back next. What was imported left no event.
told as (
    select
        ratings.user_id,
        ratings.movie_id,
        ratings.rated_at as told_at,
        true as is_seen,
        ratings.rating >= 4 as is_liked
    from ratings
    where
        ratings.user_id % $n_parts = $part
        and ratings.rated_at <= $now
        and ratings.arrived_at <= $now
    union all
    select
        opinions.user_id,
        opinions.movie_id,
        opinions.since,
        opinions.opinion = 'like',
        opinions.opinion = 'like'
    from opinions
    where opinions.user_id % $n_parts = $part and opinions.since <= $now
    union all
    select
        events.user_id,
        events.movie_id,
        events.occurred_at,
        events.event_type in ('rating', 'watched', 'like'),
        (events.event_type = 'like' or (events.event_type = 'rating' and events.value >= 4))
        and not coalesce(events.next_type in ('rating_removed', 'opinion_removed'), false)
    from (
        select
            feedback.user_id,
            feedback.movie_id,
            feedback.occurred_at,
            feedback.event_type,
            feedback.value,
            lead(feedback.event_type) over (
                partition by
                    feedback.user_id,
                    feedback.movie_id,
                    feedback.event_type in ('rating', 'rating_removed'),
                    feedback.event_type in ('like', 'dislike', 'hide', 'opinion_removed')
                order by
                    feedback.occurred_at,
                    feedback.rowid
            ) as next_type
        from feedback
        where feedback.user_id % $n_parts = $part and feedback.occurred_at <= $now
    ) as events
    where not ends_with(events.event_type, '_removed') and events.event_type <> 'unlearned'
),

seen as (
    select
        told.user_id,
        told.movie_id,
        min(told.told_at) as seen_at
    from told
    where told.is_seen
    group by
        told.user_id,
        told.movie_id
),

-- A person's first list of a day: the moment of the popular list that stands beside that day.
outings as (
    select
        visits.user_id,
        visits.day,
        min(visits.shown_at) as shown_at,
        max(lengths.n_listed) as n_listed
    from visits
    inner join lengths on visits.audience = lengths.audience and visits.day = lengths.day
    group by
        visits.user_id,
        visits.day
),

moments as (
    select distinct date_trunc('hour', outings.shown_at) as moment
    from outings
),

gained as (
    select
        moments.moment,
        likes.movie_id,
        count(*) as n_likes
    from (
        select
            ratings.movie_id,
            greatest(ratings.rated_at, ratings.arrived_at) as known_at
        from ratings
        where ratings.rating >= 4
    ) as likes
    asof inner join moments on likes.known_at <= moments.moment
    group by
        moments.moment,
        likes.movie_id
),

standing as (
    select
        moments.moment,
        films.movie_id,
        sum(gained.n_likes) over (
            partition by films.movie_id
            order by moments.moment
        ) as n_likes
    from moments
    cross join (select distinct gained.movie_id from gained) as films
    left join gained on moments.moment = gained.moment and films.movie_id = gained.movie_id
),

charts as (
    select
        standing.moment,
        standing.movie_id,
        row_number() over (
            partition by standing.moment
            order by
                standing.n_likes desc,
                standing.movie_id
        ) as place
    from standing
    where standing.n_likes > 0
),

-- Nobody needs more of the chart than the list's length and all that they ever saw.
reach as (
    select
        outings.user_id,
        outings.day,
        outings.shown_at,
        outings.n_listed,
        outings.n_listed + coalesce(totals.n_seen, 0) as deepest
    from outings
    left join (
        select
            seen.user_id,
            count(*) as n_seen
        from seen
        group by seen.user_id
    ) as totals
        on outings.user_id = totals.user_id
),

popular as (
    select
        reach.user_id,
        reach.day,
        charts.movie_id,
        row_number() over (
            partition by
                reach.user_id,
                reach.day
            order by charts.place
        ) as unseen_place
    from reach
    inner join charts
        on
            date_trunc('hour', reach.shown_at) = charts.moment
            and reach.deepest >= charts.place
    anti join seen
        on
            reach.user_id = seen.user_id
            and charts.movie_id = seen.movie_id
            and reach.shown_at >= seen.seen_at
    qualify unseen_place <= reach.n_listed
),

showings as (
    select
        false as is_control,
        listed.audience,
        listed.movie_id,
        listed.shown_at
    from listed
    union all
    select
        true,
        visits.audience,
        popular.movie_id,
        visits.shown_at
    from visits
    inner join lengths on visits.audience = lengths.audience and visits.day = lengths.day
    inner join popular
        on
            visits.user_id = popular.user_id
            and visits.day = popular.day
            and lengths.n_listed >= popular.unseen_place
),

-- A film counts when it is first shown, and again only when that window is over.
counted as (
    select
        showings.is_control,
        showings.audience,
        showings.movie_id,
        min(showings.shown_at) as shown_at,
        max(showings.shown_at) as last_at
    from showings
    group by
        showings.is_control,
        showings.audience,
        showings.movie_id
    union all
    select
        showings.is_control,
        showings.audience,
        showings.movie_id,
        min(showings.shown_at),
        max(showings.shown_at)
    from counted
    inner join showings
        on
            counted.is_control = showings.is_control
            and counted.audience = showings.audience
            and counted.movie_id = showings.movie_id
            and counted.shown_at + to_days($window_days) <= showings.shown_at
    where counted.shown_at + to_days($window_days) <= counted.last_at
    group by
        showings.is_control,
        showings.audience,
        showings.movie_id
),

followed as (
    select
        counted.is_control,
        counted.audience,
        audiences.user_id,
        counted.movie_id,
        counted.shown_at,
        bool_or(told.is_liked) as is_liked
    from counted
    inner join audiences on counted.audience = audiences.audience
    inner join told
        on
            audiences.user_id = told.user_id
            and counted.movie_id = told.movie_id
            and counted.shown_at < told.told_at
            and counted.shown_at + to_days($window_days) >= told.told_at
    where counted.shown_at >= $since and told.told_at > $since
    group by
        counted.is_control,
        counted.audience,
        audiences.user_id,
        counted.movie_id,
        counted.shown_at
),

n_shown as (
    select
        counted.audience,
        counted.shown_at::date as day,
        count(*) filter (where not counted.is_control) as ours,
        count(*) filter (where counted.is_control) as popular
    from counted
    where counted.shown_at >= $since
    group by
        counted.audience,
        day
),

n_followed as (
    select
        followed.audience,
        followed.shown_at::date as day,
        count(*) filter (where not followed.is_control) as touched,
        count(*) filter (where followed.is_control) as popular_touched,
        count(*) filter (
            where not followed.is_control
            and followed.is_liked
            and coalesce(followed.shown_at < seen.seen_at, true)
        ) as hits,
        count(*) filter (
            where followed.is_control
            and followed.is_liked
            and coalesce(followed.shown_at < seen.seen_at, true)
        ) as popular_hits
    from followed
    left join seen on followed.user_id = seen.user_id and followed.movie_id = seen.movie_id
    group by
        followed.audience,
        day
)

select
    visits.day,
    audiences.model_version,
    audiences.is_fallback,
    audiences.user_id,
    visits.n_requests::integer as n_requests,
    coalesce(n_shown.ours, 0)::integer as n_shown,
    coalesce(n_followed.hits, 0)::integer as n_hits,
    coalesce(n_followed.touched, 0)::integer as n_touched,
    coalesce(n_shown.popular, 0)::integer as n_popular,
    coalesce(n_followed.popular_hits, 0)::integer as n_popular_hits,
    coalesce(n_followed.popular_touched, 0)::integer as n_popular_touched,
    visits.day + to_days($window_days + 1) <= $now as is_final
from visits
inner join audiences on visits.audience = audiences.audience
left join n_shown on visits.audience = n_shown.audience and visits.day = n_shown.day
left join n_followed on visits.audience = n_followed.audience and visits.day = n_followed.day
where visits.day >= $since
order by
    visits.day,
    audiences.model_version,
    audiences.is_fallback,
    audiences.user_id
