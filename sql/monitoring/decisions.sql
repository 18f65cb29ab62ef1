-- One row per decision about which version serves, before $until, the newest hundred first.
-- params: $until
select
    promotion_decisions.decided_at,
    promotion_decisions.champion,
    promotion_decisions.challenger,
    promotion_decisions.is_promoted,
    promotion_decisions.made_by,
    promotion_decisions.reasoning,
    promotion_decisions.numbers
from promotion_decisions
where promotion_decisions.decided_at <= $until
order by promotion_decisions.decided_at desc
limit 100
