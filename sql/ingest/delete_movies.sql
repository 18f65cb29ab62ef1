-- Removes all rows of movies.
delete from movies
