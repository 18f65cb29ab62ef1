-- One row per place of a recommended list: which movie was shown to whom, where and when.
create view recommended_movies as
with places as (
    select
        requests.request_id,
        requests.requested_at,
        requests.user_id,
        requests.endpoint,
        requests.model_version,
        requests.is_fallback,
        generate_subscripts(requests.recommendations, 1) as place,
        unnest(requests.recommendations) as movie_id,
        unnest(requests.scores) as score
    from requests
    where requests.endpoint not in ('rank', 'explain')
)

select
    places.request_id,
    places.requested_at,
    places.user_id,
    places.endpoint,
    places.model_version,
    places.is_fallback,
    places.place,
    places.movie_id,
    movies.title,
    movies.genres,
    places.score
from places
left join movies on places.movie_id = movies.movie_id;

comment on view recommended_movies is
'One row per place of a recommended list: which movie was shown to whom, where and when.';
comment on column recommended_movies.request_id is
'The request; also in table feedback, where an event is known to come from a list.';
comment on column recommended_movies.requested_at is 'Instant (UTC).';
comment on column recommended_movies.user_id is 'Null where nobody in particular asked.';
comment on column recommended_movies.endpoint is
'What was asked for, as the app calls it; not rank and explain, whose films somebody brought.';
comment on column recommended_movies.model_version is 'Null where popular films were served without a model.';
comment on column recommended_movies.is_fallback is
'Whether the list was popular films instead of personal ones.';
comment on column recommended_movies.place is '1 is the first of the list.';
comment on column recommended_movies.movie_id is 'MovieLens id.';
comment on column recommended_movies.title is 'As in MovieLens.';
comment on column recommended_movies.genres is 'Empty where the release lists none.';
comment on column recommended_movies.score is 'The model''s; comparable within one list only.'
