-- One row per decision: which version it was about, and when.
select
    promotion_decisions.challenger,
    promotion_decisions.decided_at
from promotion_decisions
order by promotion_decisions.decided_at
