-- Forgets that movies were asked for in vain which the model knows now.
-- incoming: movie_id
delete from unknown_movies
where unknown_movies.movie_id in (select incoming.movie_id from incoming)
