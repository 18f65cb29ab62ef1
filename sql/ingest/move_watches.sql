-- Gives the viewings of people their new user ids.
-- incoming: user_id, new_id
update watches
set user_id = incoming.new_id
from incoming
where watches.user_id = incoming.user_id
