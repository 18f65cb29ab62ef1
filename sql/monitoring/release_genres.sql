-- One row per pair of genres that films of the release share, and per genre with itself: how many films.
with genres as (
    select
        movies.movie_id,
        unnest(movies.genres) as genre
    from movies
)

select
    genres.genre,
    others.genre as other_genre,
    count(*) as n_films
from genres
inner join genres as others on genres.movie_id = others.movie_id
group by
    genres.genre,
    others.genre
order by
    genres.genre,
    others.genre
