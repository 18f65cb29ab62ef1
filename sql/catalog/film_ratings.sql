-- One row per number of stars that a movie was given.
-- params: $movie_id
select
    ratings.rating,
    count(*) as n_ratings
from ratings
where ratings.movie_id = $movie_id
group by ratings.rating
order by ratings.rating
