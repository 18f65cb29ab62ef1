-- Gives the opinions of people their new user ids.
-- incoming: user_id, new_id
update opinions
set user_id = incoming.new_id
from incoming
where opinions.user_id = incoming.user_id
