-- One row per movie of the release.
select movies.movie_id
from movies
order by movies.movie_id
