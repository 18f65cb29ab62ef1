-- Adds the figures of days.
-- incoming: day, model_version, is_fallback, metric, value, low, high, control, control_low, control_high, n_users, n_requests, k, window_days, is_final, replayed_at
insert into replay_results by name
select
    incoming.day,
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
    incoming.k,
    incoming.window_days,
    incoming.is_final,
    incoming.replayed_at
from incoming
