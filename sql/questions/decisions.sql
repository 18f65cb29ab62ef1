-- Why does this version serve and not another?
select
    decisions.decided_at,
    decisions.champion,
    decisions.challenger,
    decisions.is_promoted,
    round(decisions.gain, 4) as gain,
    round(decisions.probability_better, 2) as probability_better,
    decisions.reasoning
from decisions
order by decisions.decided_at desc
