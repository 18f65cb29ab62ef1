-- Removes a person's watchlist.
-- params: $user_id
delete from watchlist
where watchlist.user_id = $user_id
