-- One row per number of stars: how many ratings of the release gave it.
select
    ratings.rating,
    count(*) as n_ratings
from ratings
where ratings.source = 'release'
group by ratings.rating
order by ratings.rating
