-- One row per day (UTC) with requests: the share of the catalogue that was in a list.
create view daily_coverage as
with places as (
    select
        requests.requested_at::date as day,
        unnest(requests.recommendations) as movie_id
    from requests
    where requests.endpoint not in ('rank', 'explain')
)

select
    places.day,
    count(distinct movies.movie_id) as n_shown,
    (select count(*) from movies) as n_movies,
    count(distinct movies.movie_id) / (select count(*) from movies) as coverage
from places
inner join movies on places.movie_id = movies.movie_id
group by places.day
order by places.day;

comment on view daily_coverage is
'One row per day (UTC) with requests: the share of the catalogue that was in a list.';
comment on column daily_coverage.day is 'Day (UTC) of the requests.';
comment on column daily_coverage.n_shown is
'Different movies that were in a list that the app chose; not candidates that somebody brought to be ranked.';
comment on column daily_coverage.n_movies is 'Movies of the release.';
comment on column daily_coverage.coverage is 'n_shown / n_movies, 0 to 1.'
