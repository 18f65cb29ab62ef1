-- One row per number of stars that anybody but one person gave: how many ratings have them.
-- params: $user_id
select
    ratings.rating,
    count(*) as n_ratings
from ratings
where ratings.user_id <> $user_id
group by ratings.rating
order by ratings.rating
