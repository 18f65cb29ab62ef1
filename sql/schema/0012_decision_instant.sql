-- What a decision about a new version and the figures that it rests on have in common.
comment on column promotion_decisions.decided_at is
'Of a decision about a newly trained version the same instant as evaluations.evaluated_at of its figures; by hand and of a rollback, when it was made.'
