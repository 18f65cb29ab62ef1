-- One row: the share of the release's movies that was shown from $since to before $until.
-- params: $since, $until
with shown as (
    select distinct unnest(requests.recommendations) as movie_id
    from requests
    where requests.requested_at >= $since and requests.requested_at < $until
)

select
    count(shown.movie_id) / nullif(count(*), 0) as coverage
from movies
left join shown on movies.movie_id = shown.movie_id
