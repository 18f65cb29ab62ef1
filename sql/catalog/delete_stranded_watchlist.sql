-- Removes places on watchlists of the movies of these pairs.
-- incoming: user_id, movie_id
delete from watchlist
using incoming
where watchlist.user_id = incoming.user_id
    and watchlist.movie_id = incoming.movie_id
