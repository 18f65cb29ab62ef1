-- One row per version and kind of answer: how many days were replayed.
-- params: $k, $window_days
select
    replay_outcomes.model_version,
    replay_outcomes.is_fallback,
    count(distinct replay_outcomes.day)::integer as n_days
from replay_outcomes
where replay_outcomes.k = $k and replay_outcomes.window_days = $window_days
group by
    replay_outcomes.model_version,
    replay_outcomes.is_fallback
