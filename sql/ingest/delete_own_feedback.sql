-- Removes the events of these pairs.
-- incoming: user_id, movie_id
delete from feedback
using incoming
where feedback.user_id = incoming.user_id
    and feedback.movie_id = incoming.movie_id
