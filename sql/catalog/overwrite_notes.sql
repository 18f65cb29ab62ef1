-- Replaces a person's notes by others, where they differ.
-- params: $user_id
-- incoming: movie_id, note, at
update notes
set
    note = incoming.note,
    noted_at = incoming.at
from incoming
where notes.user_id = $user_id
    and notes.movie_id = incoming.movie_id
    and notes.note <> incoming.note
