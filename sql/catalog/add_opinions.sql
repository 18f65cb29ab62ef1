-- Adds a person's opinions of movies that they had none of.
-- params: $user_id
-- incoming: movie_id, kind, at
insert or ignore into opinions (user_id, movie_id, opinion, since)
select
    $user_id,
    incoming.movie_id,
    incoming.kind,
    incoming.at
from incoming
