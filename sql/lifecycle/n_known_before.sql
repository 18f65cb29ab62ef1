-- How many ratings before an instant models may learn from.
-- params: $until
select count(*) as n_ratings
from ratings
anti join unlearned
    on ratings.user_id = unlearned.user_id
    and ratings.movie_id = unlearned.movie_id
where ratings.rated_at < $until
