-- How much of what is recommended are the most rated movies, tenth by tenth?
with tenths as (
    select
        movies.movie_id,
        ntile(10) over (order by coalesce(top_liked_movies.n_ratings, 0) desc, movies.movie_id) as tenth
    from movies
    left join top_liked_movies on movies.movie_id = top_liked_movies.movie_id
)

select
    tenths.tenth,
    count(*) as n_movies,
    count(top_recommended_movies.movie_id) as n_recommended,
    coalesce(sum(top_recommended_movies.n_lists), 0) as n_places
from tenths
left join top_recommended_movies on tenths.movie_id = top_recommended_movies.movie_id
group by tenths.tenth
order by tenths.tenth
