-- One row per number of ratings: how many films of the release got that many, the most rated first.
with films as (
    select
        movies.movie_id,
        count(ratings.movie_id) as n_ratings
    from movies
    left join ratings on movies.movie_id = ratings.movie_id and ratings.source = 'release'
    group by movies.movie_id
)

select
    films.n_ratings,
    count(*) as n_films
from films
group by films.n_ratings
order by films.n_ratings desc
