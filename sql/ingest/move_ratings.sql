-- Gives the own ratings of people their new user ids.
-- incoming: user_id, new_id
update ratings
set user_id = incoming.new_id
from incoming
where ratings.user_id = incoming.user_id
    and ratings.source = 'app'
