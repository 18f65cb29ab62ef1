-- What people think of films, as it is now: so far it had to be worked out of all that they ever told.
create table opinions (
    user_id integer not null,
    movie_id integer not null,
    opinion varchar not null,
    since timestamp not null,
    primary key (user_id, movie_id)
);
comment on table opinions is 'One row per movie that a person likes, dislikes or hid: the latest of them.';
comment on column opinions.opinion is '"like", "dislike" or "hide".';

insert into opinions (user_id, movie_id, opinion, since)
select
    feedback.user_id,
    feedback.movie_id,
    last(feedback.event_type order by feedback.occurred_at, feedback.rowid),
    max(feedback.occurred_at)
from feedback
where feedback.event_type in ('hide', 'dislike', 'like', 'watchlist')
group by
    feedback.user_id,
    feedback.movie_id
having last(feedback.event_type order by feedback.occurred_at, feedback.rowid) <> 'watchlist';

-- Whoever told anything is somebody: so far only ratings made a user.
insert or ignore into users (user_id, source, created_at)
select
    feedback.user_id,
    'app',
    min(feedback.occurred_at)
from feedback
where feedback.event_type <> 'click'
group by feedback.user_id;

comment on table feedback is
'One row per event: click, like, dislike, watched, watchlist, hide, rating, note, unlearned, and what takes one back.'
