-- Gives the films that nothing is learned from of people their new user ids.
-- incoming: user_id, new_id
update unlearned
set user_id = incoming.new_id
from incoming
where unlearned.user_id = incoming.user_id
