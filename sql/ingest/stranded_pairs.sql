-- One row per (user, movie) of people's own data that means nothing, or something else, in the new release.
-- params: $release, $is_same_release
-- incoming: user_id, movie_id, title, is_app_user
with judged as (
    select
        incoming.user_id,
        incoming.movie_id,
        case
            when movies.movie_id is null then 'the movie is not in ' || $release
            when movies.title is distinct from incoming.title then 'the movie id is another movie in ' || $release
            when not $is_same_release and not incoming.is_app_user then 'the user was one of the old release'
            when
                incoming.is_app_user and incoming.user_id in (
                    select ratings.user_id
                    from ratings
                    where ratings.source = 'release'
                )
                then 'the user id is another person in ' || $release
        end as reason
    from incoming
    left join movies
        on incoming.movie_id = movies.movie_id
)

select
    judged.user_id,
    judged.movie_id,
    judged.reason
from judged
where judged.reason is not null
order by
    judged.user_id,
    judged.movie_id
