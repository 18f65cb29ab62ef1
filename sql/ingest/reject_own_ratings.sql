-- Notes people's own ratings that cannot come along into the new release.
-- incoming: user_id, movie_id, reason
insert into rejected_rows (
    file,
    reason,
    content
)
select
    'own ratings',
    incoming.reason,
    concat_ws(',', ratings.user_id, ratings.movie_id, ratings.rating, epoch(ratings.rated_at)::bigint)
from ratings
inner join incoming
    on ratings.user_id = incoming.user_id
    and ratings.movie_id = incoming.movie_id
where ratings.source = 'app'
order by
    ratings.user_id,
    ratings.movie_id
