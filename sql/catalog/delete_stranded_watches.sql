-- Removes times that people watched the movies of these pairs.
-- incoming: user_id, movie_id
delete from watches
using incoming
where watches.user_id = incoming.user_id
    and watches.movie_id = incoming.movie_id
