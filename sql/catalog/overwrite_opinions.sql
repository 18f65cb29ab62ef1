-- Replaces a person's opinions of movies by others, where they differ.
-- params: $user_id
-- incoming: movie_id, kind, at
update opinions
set
    opinion = incoming.kind,
    since = incoming.at
from incoming
where opinions.user_id = $user_id
    and opinions.movie_id = incoming.movie_id
    and opinions.opinion <> incoming.kind
