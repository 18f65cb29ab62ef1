-- One row per day (UTC) with lists for people: how many of them were popular films instead of personal ones.
create view daily_fallback as
select
    requests.requested_at::date as day,
    count(*) as n_answers,
    count(*) filter (where requests.is_fallback) as n_fallbacks,
    avg(requests.is_fallback::integer) as fallback_share
from requests
where
    requests.status < 400
    and requests.endpoint in ('recommend', 'home', 'rank', 'together')
group by day
order by day;

comment on view daily_fallback is
'One row per day (UTC) with lists for people: how many of them were popular films instead of personal ones.';
comment on column daily_fallback.day is 'Day (UTC) of the requests.';
comment on column daily_fallback.n_answers is
'Answers of recommend, home, rank and together with a status below 400.';
comment on column daily_fallback.n_fallbacks is
'Of those: popular films, because the person or the model was not known.';
comment on column daily_fallback.fallback_share is 'n_fallbacks / n_answers, 0 to 1.'
