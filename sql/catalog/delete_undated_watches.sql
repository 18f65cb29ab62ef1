-- Removes that a person watched a movie some time, where the days are known.
-- params: $user_id
delete from watches
using watches as dated
where watches.user_id = $user_id
    and dated.user_id = $user_id
    and watches.movie_id = dated.movie_id
    and watches.watched_on is null
    and dated.watched_on is not null
