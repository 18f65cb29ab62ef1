-- Adds answered requests but those of deleted people; one that is there stays, so that a repeated write is harmless.
-- incoming: request_id, requested_at, user_id, endpoint, model_version, recommendations, scores, latency_ms, is_fallback, status, asked
insert or ignore into requests (
    request_id,
    requested_at,
    user_id,
    endpoint,
    model_version,
    recommendations,
    scores,
    latency_ms,
    is_fallback,
    status,
    asked
)
select
    incoming.request_id::uuid,
    incoming.requested_at,
    incoming.user_id,
    incoming.endpoint,
    incoming.model_version,
    incoming.recommendations,
    incoming.scores,
    incoming.latency_ms,
    incoming.is_fallback,
    incoming.status,
    incoming.asked
from incoming
where not exists (from deleted_people where deleted_people.user_id = incoming.user_id)
or exists (from users where users.user_id = incoming.user_id)
