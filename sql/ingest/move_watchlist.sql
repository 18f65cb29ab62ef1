-- Gives the watchlists of people their new user ids.
-- incoming: user_id, new_id
update watchlist
set user_id = incoming.new_id
from incoming
where watchlist.user_id = incoming.user_id
