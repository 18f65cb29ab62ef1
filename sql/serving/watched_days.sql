-- One row per viewing of a person whose day is known, the oldest first.
-- params: $user_id
select
    watches.movie_id,
    watches.watched_on
from watches
where watches.user_id = $user_id and watches.watched_on is not null
order by
    watches.watched_on,
    watches.movie_id,
    watches.nth
