-- Keeps movies out of what models learn of a person, unless they are out.
-- params: $user_id
-- incoming: movie_id, at
insert or ignore into unlearned (user_id, movie_id, since)
select
    $user_id,
    incoming.movie_id,
    incoming.at
from incoming
