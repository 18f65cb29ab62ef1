-- Adds the ids that the movies of a release have elsewhere.
-- incoming: movie_id, imdb_id, tmdb_id
insert into links (
    movie_id,
    imdb_id,
    tmdb_id
)
select
    incoming.movie_id,
    incoming.imdb_id,
    incoming.tmdb_id
from incoming
