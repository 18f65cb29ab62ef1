-- One row per model and metric that was measured on returning users when a version was decided on.
select
    evaluations.evaluated_at,
    evaluations.model,
    evaluations.metric,
    evaluations.value,
    evaluations.low,
    evaluations.high
from evaluations
where
    evaluations."window" = 'validation'
    and evaluations.slice = 'returning'
    and evaluations.evaluated_at in (select promotion_decisions.decided_at from promotion_decisions)
order by
    evaluations.evaluated_at,
    evaluations.model,
    evaluations.metric
