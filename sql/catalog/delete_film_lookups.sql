-- Removes what TMDB was asked about the movies of a release.
delete from film_lookups
