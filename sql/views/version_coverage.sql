-- One row per model version that answered: the share of the catalogue that was in one of its lists.
create view version_coverage as
with places as (
    select
        coalesce(requests.model_version, 'none') as model_version,
        unnest(requests.recommendations) as movie_id
    from requests
    where requests.endpoint not in ('rank', 'explain')
)

select
    places.model_version,
    count(*) as n_places,
    count(distinct movies.movie_id) as n_shown,
    (select count(*) from movies) as n_movies,
    count(distinct movies.movie_id) / (select count(*) from movies) as coverage
from places
inner join movies on places.movie_id = movies.movie_id
group by places.model_version
order by
    try_cast(places.model_version as integer) desc nulls last,
    places.model_version;

comment on view version_coverage is
'One row per model version that answered: the share of the catalogue that was in one of its lists.';
comment on column version_coverage.model_version is '"none" where popular films were served without a model.';
comment on column version_coverage.n_places is
'Places in all lists that it chose; not candidates that somebody brought to be ranked.';
comment on column version_coverage.n_shown is 'Different movies that it recommended at least once.';
comment on column version_coverage.n_movies is 'Movies of the release.';
comment on column version_coverage.coverage is 'n_shown / n_movies, 0 to 1.'
