-- Removes notes on the movies of these pairs.
-- incoming: user_id, movie_id
delete from notes
using incoming
where notes.user_id = incoming.user_id
    and notes.movie_id = incoming.movie_id
