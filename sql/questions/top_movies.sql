-- What is recommended most, and is it liked as much?
select
    top_recommended_movies.title,
    top_recommended_movies.n_lists,
    top_recommended_movies.n_users,
    round(top_recommended_movies.mean_place, 1) as mean_place,
    top_liked_movies.n_likes,
    round(top_liked_movies.mean_rating, 2) as mean_rating
from top_recommended_movies
left join top_liked_movies on top_recommended_movies.movie_id = top_liked_movies.movie_id
order by top_recommended_movies.n_lists desc
limit 100
