-- One row per tag, oldest first; ties in a fixed order.
select
    tags.movie_id,
    tags.tag,
    tags.tagged_at
from tags
order by
    tags.tagged_at,
    tags.user_id,
    tags.movie_id,
    tags.tag
