-- One row per model version, kind of figure, group and metric: versions side by side, as measured and as received.
create view version_figures as
with decided as (
    select
        promotion_decisions.challenger as model_version,
        promotion_decisions.decided_at,
        promotion_decisions.numbers,
        unnest(json_keys(promotion_decisions.numbers, '$.metrics')) as name
    from promotion_decisions
    where json_exists(promotion_decisions.numbers, '$.metrics')
    qualify rank() over (partition by promotion_decisions.challenger order by promotion_decisions.decided_at desc) = 1
),

figures as (
    select
        decided.model_version,
        decided.decided_at,
        if(contains(decided.name, '/'), split_part(decided.name, '/', 1), 'returning') as people,
        if(contains(decided.name, '/'), split_part(decided.name, '/', 2), decided.name) as metric,
        json_extract(decided.numbers, '$.metrics."' || decided.name || '".after')::double as value
    from decided
),

-- The decision holds values alone; the evaluation of that instant with these very values has the intervals.
offline as (
    select
        figures.model_version,
        'offline' as kind,
        figures.people,
        figures.metric,
        figures.value,
        min(evaluations.low) as low,
        max(evaluations.high) as high,
        null::double as control,
        max(evaluations.n_users) as n_users,
        figures.decided_at as measured_at
    from figures
    left join evaluations
        on
            figures.decided_at = evaluations.evaluated_at
            and figures.people = evaluations.slice
            and figures.metric = evaluations.metric
            and evaluations."window" = 'validation'
            and abs(figures.value - evaluations.value) < 1e-9
    group by all
),

trained as (
    select distinct
        promotion_decisions.challenger as model_version,
        evaluations.release
    from promotion_decisions
    inner join evaluations on promotion_decisions.decided_at = evaluations.evaluated_at
),

realized as (
    select
        replay_versions.model_version,
        'realized' as kind,
        if(replay_versions.is_fallback, 'fallback', 'personal') as people,
        replay_versions.metric,
        replay_versions.value,
        replay_versions.low,
        replay_versions.high,
        replay_versions.control,
        replay_versions.n_users,
        replay_versions.replayed_at as measured_at
    from replay_versions
),

both_kinds as (
    select * from offline
    union all
    select * from realized
)

select
    both_kinds.model_version,
    trained.release,
    both_kinds.kind,
    both_kinds.people,
    both_kinds.metric,
    both_kinds.value,
    both_kinds.low,
    both_kinds.high,
    both_kinds.control,
    both_kinds.n_users,
    both_kinds.measured_at
from both_kinds
left join trained on both_kinds.model_version = trained.model_version
order by
    both_kinds.kind,
    both_kinds.people,
    both_kinds.metric,
    try_cast(both_kinds.model_version as integer),
    both_kinds.model_version;

comment on view version_figures is
'One row per model version, kind of figure, group and metric: versions side by side, as measured and as received.';
comment on column version_figures.model_version is '"none" where popular films were served without a model.';
comment on column version_figures.release is
'The release that the version was trained on; figures on different releases do not compare. Null where not known.';
comment on column version_figures.kind is
'"offline" (measured on kept-back ratings when the version was decided on) or "realized" (by replay).';
comment on column version_figures.people is
'Offline: "returning" or "new" users. Realized: "personal" answers or "fallback" ones.';
comment on column version_figures.metric is
'ndcg@10, recall@10, ... offline; precision, hit_rate and ctr realized.';
comment on column version_figures.value is 'The figure, a mean over people.';
comment on column version_figures.low is '95 % bootstrap interval over people: its lower end, where known.';
comment on column version_figures.high is '95 % bootstrap interval over people: its upper end, where known.';
comment on column version_figures.control is 'Realized only: the same for the popular list of each moment.';
comment on column version_figures.n_users is 'People that it is a mean over, where known.';
comment on column version_figures.measured_at is 'Instant (UTC) of the decision or the replay.'
