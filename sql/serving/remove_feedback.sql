-- Removes one event.
-- params: $event_id
delete from feedback
where feedback.event_id = $event_id::uuid
