-- One row per usable rating that gives way to a newer one (of two at one time: the later line) of the same pair.
-- incoming: line, user_id, movie_id, seconds
with repeated as (
    select
        incoming.user_id,
        incoming.movie_id
    from incoming
    group by
        incoming.user_id,
        incoming.movie_id
    having count(*) > 1
),

ranked as (
    select
        incoming.line,
        row_number() over (
            partition by
                incoming.user_id,
                incoming.movie_id
            order by
                incoming.seconds desc,
                incoming.line desc
        ) as place
    from incoming
    inner join repeated
        on incoming.user_id = repeated.user_id
        and incoming.movie_id = repeated.movie_id
)

select
    ranked.line,
    'a newer rating of the same movie by the same user' as reason
from ranked
where ranked.place > 1
order by ranked.line
