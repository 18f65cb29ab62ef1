-- Adds the figures of one training or evaluation.
-- incoming: run_id, evaluated_at, release, window, model, slice, metric, value, low, high, n_users
insert into evaluations (
    run_id, evaluated_at, release, "window", model, slice, metric, value, low, high, n_users
)
select
    incoming.run_id,
    incoming.evaluated_at,
    incoming.release,
    incoming."window",
    incoming.model,
    incoming.slice,
    incoming.metric,
    incoming.value,
    incoming.low,
    incoming.high,
    incoming.n_users
from incoming
