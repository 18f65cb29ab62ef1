-- Removes what is known of the movies of a release beyond it.
delete from film_metadata
