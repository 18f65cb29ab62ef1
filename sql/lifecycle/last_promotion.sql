-- Who let the version serve that serves now: "gate", "hand" or "rollback"; no row before the first promotion.
select made_by
from promotion_decisions
where is_promoted
order by decided_at desc, rowid desc
limit 1
