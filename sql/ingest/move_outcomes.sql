-- Gives the replayed lists of people their new user ids.
-- incoming: user_id, new_id
update replay_outcomes
set user_id = incoming.new_id
from incoming
where replay_outcomes.user_id = incoming.user_id
