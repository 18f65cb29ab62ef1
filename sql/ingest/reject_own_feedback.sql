-- Notes people's own events that cannot come along into the new release.
-- incoming: user_id, movie_id, reason
insert into rejected_rows (
    file,
    reason,
    content
)
select
    'own feedback',
    incoming.reason,
    concat_ws(
        ',', feedback.user_id, feedback.movie_id, feedback.event_type, feedback.value,
        epoch(feedback.occurred_at)::bigint
    )
from feedback
inner join incoming
    on feedback.user_id = incoming.user_id
    and feedback.movie_id = incoming.movie_id
order by
    feedback.user_id,
    feedback.movie_id,
    feedback.occurred_at
