-- Notes what people keep and cannot take along into the new release: opinions, viewings, places on lists, notes.
-- incoming: user_id, movie_id, reason
with everything as (
    select
        'own opinions' as file,
        opinions.user_id,
        opinions.movie_id,
        opinions.opinion as content,
        opinions.since as at
    from opinions
    union all
    select
        'own watches',
        watches.user_id,
        watches.movie_id,
        watches.watched_on::varchar,
        watches.added_at
    from watches
    union all
    select
        'own watchlist',
        watchlist.user_id,
        watchlist.movie_id,
        null,
        watchlist.added_at
    from watchlist
    union all
    select
        'own notes',
        notes.user_id,
        notes.movie_id,
        notes.note,
        notes.noted_at
    from notes
    union all
    select
        'own unlearned',
        unlearned.user_id,
        unlearned.movie_id,
        null,
        unlearned.since
    from unlearned
)

insert into rejected_rows (
    file,
    reason,
    content
)
select
    everything.file,
    incoming.reason,
    concat_ws(',', everything.user_id, everything.movie_id, everything.content, epoch(everything.at)::bigint)
from everything
inner join incoming
    on everything.user_id = incoming.user_id
    and everything.movie_id = incoming.movie_id
order by
    everything.file,
    everything.user_id,
    everything.movie_id,
    everything.at
