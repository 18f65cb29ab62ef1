-- One row: how many of the release's movies were in a list from $since to before $until, and the lists' places.
-- params: $since, $until
-- Candidates that somebody brought, and a film that was to be explained, are no choice of the app's.
with places as (
    select unnest(requests.recommendations) as movie_id
    from requests
    where
        requests.requested_at >= $since
        and requests.requested_at < $until
        and requests.endpoint not in ('rank', 'explain')
),

shown as (
    select
        places.movie_id,
        count(*) as n_places
    from places
    group by places.movie_id
)

select
    count(*) as n_movies,
    count(shown.movie_id) as n_shown,
    coalesce(sum(shown.n_places), 0)::bigint as n_places
from movies
left join shown on movies.movie_id = shown.movie_id
