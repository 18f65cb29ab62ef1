-- One row per decision about which version serves, the newest first, with the figures that it rests on.
create view decisions as
select
    promotion_decisions.decided_at,
    promotion_decisions.champion,
    promotion_decisions.challenger,
    promotion_decisions.is_promoted,
    promotion_decisions.made_by,
    json_extract(promotion_decisions.numbers, '$.gain.value')::double as gain,
    json_extract(promotion_decisions.numbers, '$.gain.low')::double as gain_low,
    json_extract(promotion_decisions.numbers, '$.gain.high')::double as gain_high,
    json_extract(promotion_decisions.numbers, '$.gain.probability_better')::double as probability_better,
    json_extract(promotion_decisions.numbers, '$.n_users')::integer as n_users,
    json_extract_string(promotion_decisions.numbers, '$.failed[*]') as failed,
    promotion_decisions.reasoning
from promotion_decisions
order by promotion_decisions.decided_at desc;

comment on view decisions is
'One row per decision about which version serves, the newest first, with the figures that it rests on.';
comment on column decisions.decided_at is 'Instant (UTC).';
comment on column decisions.champion is 'Version that served before; null before the first.';
comment on column decisions.challenger is 'Version that the decision is about.';
comment on column decisions.is_promoted is 'Whether the challenger serves from then on.';
comment on column decisions.made_by is '"gate", "hand" or "rollback".';
comment on column decisions.gain is
'What people gain in NDCG@10, a mean; null where the two were not compared, as in what follows.';
comment on column decisions.gain_low is '95 % bootstrap interval of the gain: its lower end.';
comment on column decisions.gain_high is '95 % bootstrap interval of the gain: its upper end.';
comment on column decisions.probability_better is 'Share of resamples in which the challenger is better.';
comment on column decisions.n_users is 'People on whom both were measured.';
comment on column decisions.failed is 'Rules that the challenger missed: metrics by name, or "significance".';
comment on column decisions.reasoning is 'The decision in sentences.'
