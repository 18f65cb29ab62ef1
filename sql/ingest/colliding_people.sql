-- One row per person made here whose id is somebody's of the new release.
-- incoming: user_id, source
select incoming.user_id
from incoming
where incoming.source = 'app'
    and incoming.user_id in (
        select ratings.user_id
        from ratings
        where ratings.source = 'release'
    )
order by incoming.user_id
