-- One row per genre of the movies given: how many of them have it, the most frequent first.
-- incoming: movie_id
with liked as (
    select unnest(movies.genres) as genre
    from incoming
    inner join movies on incoming.movie_id = movies.movie_id
)

select
    liked.genre,
    count(*) as n_movies
from liked
group by liked.genre
order by
    n_movies desc,
    liked.genre
