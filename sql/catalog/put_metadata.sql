-- Adds what is known of movies, or replaces it; what TMDB itself said stays when a file says something else.
-- incoming: movie_id, tmdb_id, imdb_id, title, original_title, overview, runtime_min, released_on, vote_average, n_votes, popularity, poster_path, backdrop_path, keywords, directors, actors, origin, matched_by, fetched_at
merge into film_metadata
using incoming
    on film_metadata.movie_id = incoming.movie_id
when matched and (incoming.origin = 'tmdb' or film_metadata.origin <> 'tmdb') then update set
    tmdb_id = incoming.tmdb_id,
    imdb_id = incoming.imdb_id,
    title = incoming.title,
    original_title = incoming.original_title,
    overview = incoming.overview,
    runtime_min = incoming.runtime_min,
    released_on = incoming.released_on,
    vote_average = incoming.vote_average,
    n_votes = incoming.n_votes,
    popularity = incoming.popularity,
    poster_path = incoming.poster_path,
    backdrop_path = incoming.backdrop_path,
    keywords = incoming.keywords,
    directors = incoming.directors,
    actors = incoming.actors,
    origin = incoming.origin,
    matched_by = incoming.matched_by,
    fetched_at = incoming.fetched_at
when not matched then insert (
    movie_id, tmdb_id, imdb_id, title, original_title, overview, runtime_min, released_on, vote_average, n_votes,
    popularity, poster_path, backdrop_path, keywords, directors, actors, origin, matched_by, fetched_at
)
values (
    incoming.movie_id, incoming.tmdb_id, incoming.imdb_id, incoming.title, incoming.original_title,
    incoming.overview, incoming.runtime_min, incoming.released_on, incoming.vote_average, incoming.n_votes,
    incoming.popularity, incoming.poster_path, incoming.backdrop_path, incoming.keywords, incoming.directors,
    incoming.actors, incoming.origin, incoming.matched_by, incoming.fetched_at
)
