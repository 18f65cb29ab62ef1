-- Removes opinions of the movies of these pairs.
-- incoming: user_id, movie_id
delete from opinions
using incoming
where opinions.user_id = incoming.user_id
    and opinions.movie_id = incoming.movie_id
