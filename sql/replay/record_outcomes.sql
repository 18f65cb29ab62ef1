-- Adds what became of the films recommended to each person on each day.
-- incoming: day, model_version, is_fallback, user_id, n_requests, n_shown, n_hits, n_touched, n_popular, n_popular_hits, n_popular_touched, k, window_days, is_final
insert into replay_outcomes by name
select
    incoming.day,
    incoming.model_version,
    incoming.is_fallback,
    incoming.user_id,
    incoming.n_requests,
    incoming.n_shown,
    incoming.n_hits,
    incoming.n_touched,
    incoming.n_popular,
    incoming.n_popular_hits,
    incoming.n_popular_touched,
    incoming.k,
    incoming.window_days,
    incoming.is_final
from incoming
