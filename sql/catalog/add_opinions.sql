-- Adds a person's opinions of movies as events; the same event a second time changes nothing.
-- params: $user_id
-- incoming: event_id, movie_id, kind, at
insert or ignore into feedback (event_id, occurred_at, user_id, movie_id, event_type)
select
    incoming.event_id::uuid,
    incoming.at,
    $user_id,
    incoming.movie_id,
    incoming.kind
from incoming
