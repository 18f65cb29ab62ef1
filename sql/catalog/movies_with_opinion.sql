-- One row per movie that the person gave or took back an opinion of.
-- params: $user_id
select distinct feedback.movie_id
from feedback
where feedback.user_id = $user_id
    and feedback.event_type in ('hide', 'dislike', 'like', 'watchlist', 'opinion_removed')
order by feedback.movie_id
