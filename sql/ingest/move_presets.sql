-- Gives the list settings of people their new user ids.
-- incoming: user_id, new_id
update presets
set user_id = incoming.new_id
from incoming
where presets.user_id = incoming.user_id
