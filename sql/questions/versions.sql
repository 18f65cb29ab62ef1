-- Which version is best, as measured before it served and as people received it?
select
    version_figures.model_version,
    version_figures.release,
    round(max(version_figures.value) filter (where version_figures.metric = 'ndcg@10'), 4) as ndcg_10,
    round(max(version_figures.value) filter (where version_figures.metric = 'recall@10'), 4) as recall_10,
    round(max(version_figures.value) filter (where version_figures.metric = 'hit_rate'), 4) as hit_rate,
    round(max(version_figures.low) filter (where version_figures.metric = 'hit_rate'), 4) as hit_rate_low,
    round(max(version_figures.high) filter (where version_figures.metric = 'hit_rate'), 4) as hit_rate_high,
    round(max(version_figures.control) filter (where version_figures.metric = 'hit_rate'), 4) as popular_hit_rate
from version_figures
where version_figures.people in ('returning', 'personal')
group by
    version_figures.model_version,
    version_figures.release
order by
    try_cast(version_figures.model_version as integer) desc nulls last,
    version_figures.model_version
