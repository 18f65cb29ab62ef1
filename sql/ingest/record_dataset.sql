-- Notes which release is in this instance now, and counts it.
-- params: $release, $origin, $checksum, $now, $n_rejected
insert into dataset (
    release,
    origin,
    checksum,
    ingested_at,
    n_ratings,
    n_users,
    n_movies,
    n_tags,
    n_rejected,
    first_rated_at,
    last_rated_at
)
select
    $release,
    $origin,
    $checksum,
    $now,
    count(*),
    count(distinct ratings.user_id),
    (select count(*) from movies),
    (select count(*) from tags),
    $n_rejected,
    min(ratings.rated_at),
    max(ratings.rated_at)
from ratings
where ratings.source = 'release'
