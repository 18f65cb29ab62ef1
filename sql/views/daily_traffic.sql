-- One row per day (UTC) with requests: how many, of how many people, and how they ended.
create view daily_traffic as
select
    requests.requested_at::date as day,
    count(*) as n_requests,
    round(count(*) / 1440, 3) as requests_per_minute,
    count(distinct requests.user_id) as n_users,
    count(*) filter (where requests.status >= 400 and requests.status < 500) as n_refused,
    count(*) filter (where requests.status >= 500) as n_failed
from requests
group by day
order by day;

comment on view daily_traffic is
'One row per day (UTC) with requests: how many, of how many people, and how they ended.';
comment on column daily_traffic.day is 'Day (UTC) of the requests.';
comment on column daily_traffic.n_requests is 'Requests for films, those refused and failed included.';
comment on column daily_traffic.requests_per_minute is 'Mean over the 1,440 minutes of the day.';
comment on column daily_traffic.n_users is
'Different people among them; requests of nobody in particular count for none.';
comment on column daily_traffic.n_refused is
'Answered with a status of 400 to 499: something unknown or impossible was asked for.';
comment on column daily_traffic.n_failed is 'Answered with a status of 500 or more: the app failed.'
