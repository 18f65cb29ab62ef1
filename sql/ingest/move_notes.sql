-- Gives the notes of people their new user ids.
-- incoming: user_id, new_id
update notes
set user_id = incoming.new_id
from incoming
where notes.user_id = incoming.user_id
