-- Counts how often each movie that is not in the model was asked for, and when first and last.
-- incoming: movie_id, title, n_asked, first_asked_at, last_asked_at
merge into unknown_movies
using incoming
    on
        unknown_movies.movie_id is not distinct from incoming.movie_id
        and unknown_movies.title is not distinct from incoming.title
when matched then update set
    n_asked = unknown_movies.n_asked + incoming.n_asked,
    first_asked_at = least(unknown_movies.first_asked_at, incoming.first_asked_at),
    last_asked_at = greatest(unknown_movies.last_asked_at, incoming.last_asked_at)
when not matched then insert (movie_id, title, n_asked, first_asked_at, last_asked_at)
values (
    incoming.movie_id,
    incoming.title,
    incoming.n_asked,
    incoming.first_asked_at,
    incoming.last_asked_at
)
