-- One row per day (UTC) and source: the ratings that were given.
create view daily_ratings as
select
    ratings.rated_at::date as day,
    ratings.source,
    count(*) as n_ratings,
    count(distinct ratings.user_id) as n_users,
    avg(ratings.rating) as mean_rating
from ratings
group by
    day,
    ratings.source
order by
    day,
    ratings.source;

comment on view daily_ratings is 'One row per day (UTC) and source: the ratings that were given.';
comment on column daily_ratings.day is 'Day (UTC) on which they were given.';
comment on column daily_ratings.source is '"release" or "app".';
comment on column daily_ratings.n_ratings is
'Ratings; one that was changed later counts on its last day only.';
comment on column daily_ratings.n_users is 'Different people among them.';
comment on column daily_ratings.mean_rating is 'Mean in stars, 0.5 to 5.'
