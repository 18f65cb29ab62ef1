-- One row per person with ratings.
select distinct ratings.user_id
from ratings
order by ratings.user_id
