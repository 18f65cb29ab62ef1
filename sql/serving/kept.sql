-- One row per thing that people keep of movies beside ratings: of one person, or of all where $user_id is null.
-- params: $user_id
with everything as (
    select
        opinions.opinion as kind,
        opinions.user_id,
        opinions.movie_id,
        opinions.since as at,
        null::date as watched_on,
        null::smallint as nth,
        null::boolean as is_rewatch,
        null::varchar as note
    from opinions
    union all by name
    select
        'watched' as kind,
        watches.user_id,
        watches.movie_id,
        watches.added_at as at,
        watches.watched_on,
        watches.nth,
        watches.is_rewatch
    from watches
    union all by name
    select
        'watchlist' as kind,
        watchlist.user_id,
        watchlist.movie_id,
        watchlist.added_at as at
    from watchlist
    union all by name
    select
        'note' as kind,
        notes.user_id,
        notes.movie_id,
        notes.noted_at as at,
        notes.note
    from notes
    union all by name
    select
        'unlearned' as kind,
        unlearned.user_id,
        unlearned.movie_id,
        unlearned.since as at
    from unlearned
)

select
    everything.kind,
    everything.user_id,
    everything.movie_id,
    everything.at,
    everything.watched_on,
    everything.nth,
    everything.is_rewatch,
    everything.note
from everything
where $user_id::integer is null or everything.user_id = $user_id::integer
order by
    everything.user_id,
    everything.movie_id,
    everything.kind
