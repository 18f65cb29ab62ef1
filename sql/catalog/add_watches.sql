-- Adds times that a person watched movies, once each; one without a day only where none is known.
-- params: $user_id
-- incoming: movie_id, watched_on, nth, is_rewatch, at
insert into watches (user_id, movie_id, watched_on, nth, is_rewatch, added_at)
select
    $user_id,
    incoming.movie_id,
    incoming.watched_on,
    incoming.nth,
    incoming.is_rewatch,
    incoming.at
from incoming
where not exists (
    select 1
    from watches
    where watches.user_id = $user_id
        and watches.movie_id = incoming.movie_id
        and (
            incoming.watched_on is null
            or (watches.watched_on = incoming.watched_on::date and watches.nth = incoming.nth::smallint)
        )
)
