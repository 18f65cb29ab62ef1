-- Adds one event; the same event a second time changes nothing.
-- params: $event_id, $now, $user_id, $movie_id, $event_type, $value, $request_id
insert or ignore into feedback (event_id, occurred_at, user_id, movie_id, event_type, value, request_id)
values ($event_id::uuid, $now, $user_id, $movie_id, $event_type, $value, $request_id::uuid)
