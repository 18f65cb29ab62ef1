-- What do people want that the model does not know?
select
    unknown_movies_asked.movie_id,
    unknown_movies_asked.title,
    unknown_movies_asked.n_asked,
    unknown_movies_asked.n_ratings,
    unknown_movies_asked.last_asked_at
from unknown_movies_asked
order by unknown_movies_asked.n_asked desc
limit 100
