-- One row: the newest instants of what had arrived before $until; null where there is none.
-- params: $until
select
    (select max(dataset.last_rated_at) from dataset) as release_ends_at,
    max(ratings.rated_at) filter (where ratings.rated_at < $until) as last_rated_at,
    max(ratings.arrived_at) filter (where ratings.arrived_at < $until) as last_arrived_at,
    max(ratings.rated_at) filter (where ratings.source = 'app' and ratings.rated_at < $until) as last_own_at
from ratings
