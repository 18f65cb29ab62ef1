-- One row per day (UTC), model version, kind of answer and metric: what people did with what was recommended.
create view daily_realized as
with trained as (
    select distinct
        promotion_decisions.challenger as model_version,
        evaluations.release
    from promotion_decisions
    inner join evaluations on promotion_decisions.decided_at = evaluations.evaluated_at
)

select
    replay_results.day,
    replay_results.model_version,
    trained.release,
    replay_results.is_fallback,
    replay_results.metric,
    replay_results.value,
    replay_results.low,
    replay_results.high,
    replay_results.control,
    replay_results.n_users,
    replay_results.is_final
from replay_results
left join trained on replay_results.model_version = trained.model_version
order by
    replay_results.day,
    try_cast(replay_results.model_version as integer),
    replay_results.model_version,
    replay_results.is_fallback,
    replay_results.metric;

comment on view daily_realized is
'One row per day (UTC), model version, kind of answer and metric: what people did with what was recommended.';
comment on column daily_realized.day is 'Day (UTC) of the requests.';
comment on column daily_realized.model_version is '"none" where popular films were served without a model.';
comment on column daily_realized.release is
'The release that the version was trained on; days of different releases do not compare. Null where not known.';
comment on column daily_realized.is_fallback is
'Whether the answers were popular films instead of personal ones.';
comment on column daily_realized.metric is
'"precision" (share liked afterwards), "hit_rate" (people with one such film or more) or "ctr" (share with any feedback or rating).';
comment on column daily_realized.value is 'Mean over people.';
comment on column daily_realized.low is '95 % bootstrap interval over people: its lower end.';
comment on column daily_realized.high is '95 % bootstrap interval over people: its upper end.';
comment on column daily_realized.control is 'The same for the popular list of that moment.';
comment on column daily_realized.n_users is 'People with a film that counts that day.';
comment on column daily_realized.is_final is
'Whether the time in which likes count was over for every request of the day.'
