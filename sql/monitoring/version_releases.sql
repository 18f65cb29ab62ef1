-- One row per version that was measured: the release that it was trained on.
select distinct
    promotion_decisions.challenger as model_version,
    evaluations.release
from promotion_decisions
inner join evaluations on promotion_decisions.decided_at = evaluations.evaluated_at
order by promotion_decisions.challenger
