-- One row per version, kind of answer and person: the means over the days with a film that counts; null without.
-- params: $k, $window_days
select
    replay_outcomes.model_version,
    replay_outcomes.is_fallback,
    replay_outcomes.user_id,
    sum(replay_outcomes.n_requests)::integer as n_requests,
    avg(replay_outcomes.n_hits / nullif(replay_outcomes.n_shown, 0)) as "precision",
    avg((replay_outcomes.n_hits > 0)::integer) filter (where replay_outcomes.n_shown > 0) as hit_rate,
    avg(replay_outcomes.n_touched / nullif(replay_outcomes.n_shown, 0)) as ctr,
    avg(replay_outcomes.n_popular_hits / nullif(replay_outcomes.n_popular, 0)) as popular_precision,
    avg((replay_outcomes.n_popular_hits > 0)::integer) filter (
        where replay_outcomes.n_popular > 0
    ) as popular_hit_rate,
    avg(replay_outcomes.n_popular_touched / nullif(replay_outcomes.n_popular, 0)) as popular_ctr
from replay_outcomes
where replay_outcomes.k = $k and replay_outcomes.window_days = $window_days
group by
    replay_outcomes.model_version,
    replay_outcomes.is_fallback,
    replay_outcomes.user_id
order by
    replay_outcomes.model_version,
    replay_outcomes.is_fallback,
    replay_outcomes.user_id
