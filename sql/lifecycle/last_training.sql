-- One row: when the newest training began that led to a decision; null before the first.
select max(promotion_decisions.decided_at) as trained_at
from promotion_decisions
-- A promotion or a return by hand leaves no figures.
where promotion_decisions.numbers <> '{}'
