-- Puts movies on a person's watchlist, unless they are there.
-- params: $user_id
-- incoming: movie_id, at
insert or ignore into watchlist (user_id, movie_id, added_at)
select
    $user_id,
    incoming.movie_id,
    incoming.at
from incoming
