-- Removes the own ratings of these pairs.
-- incoming: user_id, movie_id
delete from ratings
using incoming
where ratings.user_id = incoming.user_id
    and ratings.movie_id = incoming.movie_id
    and ratings.source = 'app'
