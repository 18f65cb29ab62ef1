-- Adds the movies of a release.
-- incoming: movie_id, title, release_year, genres
insert into movies (
    movie_id,
    title,
    release_year,
    genres
)
select
    incoming.movie_id,
    incoming.title,
    incoming.release_year,
    incoming.genres
from incoming
