-- Says of the release what is left of it: what was rated before $since, when it was read.
-- params: $since
update dataset
set
    ingested_at = $since,
    n_ratings = (select count(*) from ratings),
    n_users = (select count(distinct ratings.user_id) from ratings),
    n_tags = (select count(*) from tags),
    last_rated_at = (select max(ratings.rated_at) from ratings)
