-- Adds one event, whose id is new.
-- params: $event_id, $now, $user_id, $movie_id, $event_type, $value, $request_id
insert into feedback (event_id, occurred_at, user_id, movie_id, event_type, value, request_id)
values ($event_id::uuid, $now, $user_id, $movie_id, $event_type, $value, $request_id::uuid)
