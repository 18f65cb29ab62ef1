-- Gives the events of people their new user ids.
-- incoming: user_id, new_id
update feedback
set user_id = incoming.new_id
from incoming
where feedback.user_id = incoming.user_id
