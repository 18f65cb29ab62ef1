-- One row per movie that was recommended, the most often recommended first.
create view top_recommended_movies as
with places as (
    select
        requests.user_id,
        generate_subscripts(requests.recommendations, 1) as place,
        unnest(requests.recommendations) as movie_id
    from requests
    where requests.endpoint not in ('rank', 'explain')
)

select
    places.movie_id,
    movies.title,
    movies.release_year,
    count(*) as n_lists,
    count(distinct places.user_id) as n_users,
    avg(places.place) as mean_place
from places
left join movies on places.movie_id = movies.movie_id
group by
    places.movie_id,
    movies.title,
    movies.release_year
order by
    n_lists desc,
    places.movie_id;

comment on view top_recommended_movies is
'One row per movie that was recommended, the most often recommended first.';
comment on column top_recommended_movies.movie_id is 'MovieLens id.';
comment on column top_recommended_movies.title is 'As in MovieLens.';
comment on column top_recommended_movies.release_year is 'Null where the release gives none.';
comment on column top_recommended_movies.n_lists is
'Lists that it was in; not those whose candidates somebody brought to be ranked.';
comment on column top_recommended_movies.n_users is 'Different people who got it.';
comment on column top_recommended_movies.mean_place is 'Mean place in these lists; 1 is the first.'
