-- Adds a person's notes on movies that have none of theirs.
-- params: $user_id
-- incoming: movie_id, note, at
insert or ignore into notes (user_id, movie_id, note, noted_at)
select
    $user_id,
    incoming.movie_id,
    incoming.note,
    incoming.at
from incoming
