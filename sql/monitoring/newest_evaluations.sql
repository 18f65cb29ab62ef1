-- One row per model, slice and metric of the newest evaluation on this release: all models, in one window.
with newest as (
    select
        evaluations.release,
        evaluations."window",
        evaluations.evaluated_at
    from evaluations
    where evaluations.release = (select dataset.release from dataset)
    order by
        evaluations."window" = 'validation' desc,
        evaluations.evaluated_at desc
    limit 1
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
inner join newest
    on
        evaluations.release = newest.release
        and evaluations."window" = newest."window"
        and evaluations.evaluated_at = newest.evaluated_at
order by
    evaluations.model,
    evaluations.slice,
    evaluations.metric
