-- One row per metric that the run measured.
-- params: $run_id
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
where evaluations.run_id = $run_id
order by
    evaluations."window",
    evaluations.model,
    evaluations.slice,
    evaluations.metric
