-- Removes the movies that were asked for in vain: their ids mean others in another release.
delete from unknown_movies
