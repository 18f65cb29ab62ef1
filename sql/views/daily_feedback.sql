-- One row per day (UTC) and kind of feedback: how much came in.
create view daily_feedback as
select
    feedback.occurred_at::date as day,
    feedback.event_type,
    count(*) as n_events,
    count(distinct feedback.user_id) as n_users,
    count(feedback.request_id) as n_from_lists
from feedback
group by
    day,
    feedback.event_type
order by
    day,
    feedback.event_type;

comment on view daily_feedback is 'One row per day (UTC) and kind of feedback: how much came in.';
comment on column daily_feedback.day is 'Day (UTC) of the events.';
comment on column daily_feedback.event_type is
'click, like, dislike, watched, watchlist, hide, rating, note, unlearned; or one taken back, as rating_removed.';
comment on column daily_feedback.n_events is
'Events; what was imported left none, but stands in ratings, opinions, watches, watchlist and notes.';
comment on column daily_feedback.n_users is 'Different people among them.';
comment on column daily_feedback.n_from_lists is 'Events that are known to have come from a recommended list.'
