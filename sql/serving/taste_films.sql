-- One row per movie with ratings: what one person gave it, and how everybody else rated it.
-- params: $user_id
select
    movies.movie_id,
    movies.release_year,
    movies.genres,
    any_value(ratings.rating) filter (where ratings.user_id = $user_id) as stars,
    any_value(ratings.rated_at) filter (where ratings.user_id = $user_id) as rated_at,
    any_value(ratings.arrived_at) filter (where ratings.user_id = $user_id) as arrived_at,
    bool_or(unlearned.movie_id is not null) as is_unlearned,
    count(*) filter (where ratings.user_id <> $user_id) as n_others,
    count(*) filter (where ratings.user_id <> $user_id and ratings.rating >= 4) as n_likes,
    avg(ratings.rating) filter (where ratings.user_id <> $user_id) as mean_of_others
from ratings
inner join movies on ratings.movie_id = movies.movie_id
left join unlearned
    on
        ratings.user_id = unlearned.user_id
        and ratings.movie_id = unlearned.movie_id
        and unlearned.user_id = $user_id
group by
    movies.movie_id,
    movies.release_year,
    movies.genres
order by movies.movie_id
