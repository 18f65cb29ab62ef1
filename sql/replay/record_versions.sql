-- Adds the figures of versions over all days.
-- incoming: model_version, is_fallback, metric, value, low, high, control, control_low, control_high, n_users, n_requests, n_days, replayed_at
insert into replay_versions by name
select
    incoming.model_version,
    incoming.is_fallback,
    incoming.metric,
    incoming.value,
    incoming.low,
    incoming.high,
    incoming.control,
    incoming.control_low,
    incoming.control_high,
    incoming.n_users,
    incoming.n_requests,
    incoming.n_days,
    incoming.replayed_at
from incoming
