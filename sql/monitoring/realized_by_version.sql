-- One row per version, kind of answer and metric: what people really did with what it recommended.
select
    replay_versions.model_version,
    replay_versions.is_fallback,
    replay_versions.metric,
    replay_versions.value,
    replay_versions.low,
    replay_versions.high,
    replay_versions.control,
    replay_versions.n_users,
    replay_versions.n_days
from replay_versions
order by
    try_cast(replay_versions.model_version as integer) desc nulls last,
    replay_versions.is_fallback,
    replay_versions.metric
