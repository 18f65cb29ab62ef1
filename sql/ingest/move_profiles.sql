-- Gives the names of people their new user ids.
-- incoming: user_id, new_id
update profiles
set user_id = incoming.new_id
from incoming
where profiles.user_id = incoming.user_id
