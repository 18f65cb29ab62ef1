-- One row per day from $since to before $until: the share of people who liked something of their personal lists.
-- params: $since, $until
-- Not of versions that were trained on another release than the present one: those were lists of other films.
with elsewhere as (
    select distinct promotion_decisions.challenger as model_version
    from promotion_decisions
    inner join evaluations on promotion_decisions.decided_at = evaluations.evaluated_at
    inner join dataset on evaluations.release <> dataset.release
)

select
    replay_results.day,
    sum(replay_results.value * replay_results.n_users) / sum(replay_results.n_users) as value,
    sum(replay_results.control * replay_results.n_users) / sum(replay_results.n_users) as control,
    sum(replay_results.n_users) as n_users,
    bool_and(replay_results.is_final) as is_final
from replay_results
anti join elsewhere on replay_results.model_version = elsewhere.model_version
where
    replay_results.metric = 'hit_rate'
    and not replay_results.is_fallback
    and replay_results.day >= date_trunc('day', $since::timestamp)
    and replay_results.day < $until
group by replay_results.day
order by replay_results.day
