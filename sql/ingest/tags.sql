-- Adds the tags of a release.
-- incoming: user_id, movie_id, tag, seconds
insert into tags (
    user_id,
    movie_id,
    tag,
    tagged_at
)
select
    incoming.user_id,
    incoming.movie_id,
    incoming.tag,
    make_timestamp(incoming.seconds * 1000000)
from incoming
