-- Gives the logged requests of people their new user ids.
-- incoming: user_id, new_id
update requests
set user_id = incoming.new_id
from incoming
where requests.user_id = incoming.user_id
