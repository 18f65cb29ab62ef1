-- Removes what models may not learn of the movies of these pairs.
-- incoming: user_id, movie_id
delete from unlearned
using incoming
where unlearned.user_id = incoming.user_id
    and unlearned.movie_id = incoming.movie_id
