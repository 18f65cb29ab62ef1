-- One row per movie with ratings or likes, the most liked first.
create view top_liked_movies as
with likes as (
    select
        ratings.user_id,
        ratings.movie_id
    from ratings
    where ratings.rating >= 4
    union
    select
        opinions.user_id,
        opinions.movie_id
    from opinions
    where opinions.opinion = 'like'
),

liked as (
    select
        likes.movie_id,
        count(*) as n_likes
    from likes
    group by likes.movie_id
),

rated as (
    select
        ratings.movie_id,
        count(*) as n_ratings,
        avg(ratings.rating) as mean_rating
    from ratings
    group by ratings.movie_id
),

counted as (
    select
        coalesce(rated.movie_id, liked.movie_id) as movie_id,
        coalesce(liked.n_likes, 0) as n_likes,
        coalesce(rated.n_ratings, 0) as n_ratings,
        rated.mean_rating
    from rated
    full join liked on rated.movie_id = liked.movie_id
)

select
    counted.movie_id,
    movies.title,
    movies.release_year,
    counted.n_likes,
    counted.n_ratings,
    counted.mean_rating
from counted
left join movies on counted.movie_id = movies.movie_id
order by
    counted.n_likes desc,
    counted.movie_id;

comment on view top_liked_movies is 'One row per movie with ratings or likes, the most liked first.';
comment on column top_liked_movies.movie_id is 'MovieLens id.';
comment on column top_liked_movies.title is 'As in MovieLens.';
comment on column top_liked_movies.release_year is 'Null where the release gives none.';
comment on column top_liked_movies.n_likes is 'People who rated it with 4 stars or more, or like it.';
comment on column top_liked_movies.n_ratings is 'Ratings.';
comment on column top_liked_movies.mean_rating is 'Mean in stars, 0.5 to 5; null without a rating.'
