-- One row per metric of the newest evaluation of each model on each window.
with runs as (
    select
        evaluations.model,
        evaluations."window",
        arg_max(evaluations.run_id, (evaluations.evaluated_at, evaluations.run_id)) as run_id
    from evaluations
    group by
        evaluations.model,
        evaluations."window"
)

select
    evaluations.model,
    evaluations."window",
    evaluations.slice,
    evaluations.metric,
    evaluations.value,
    evaluations.low,
    evaluations.high,
    evaluations.n_users,
    evaluations.evaluated_at
from evaluations
inner join runs
    on
        evaluations.model = runs.model
        and evaluations."window" = runs."window"
        and evaluations.run_id = runs.run_id
order by
    evaluations."window",
    evaluations.model,
    evaluations.slice,
    evaluations.metric
