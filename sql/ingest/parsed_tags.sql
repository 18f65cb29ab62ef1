-- One row per line of a tags file; `reason` is null where it can be used.
-- params: $pattern, $is_csv, $latest
-- incoming: line, content
with matched as (
    select
        incoming.line,
        incoming.content,
        regexp_extract(incoming.content, $pattern, ['user_id', 'movie_id', 'tag', 'seconds']) as fields,
        regexp_matches(incoming.content, $pattern) as is_whole
    from incoming
),

typed as (
    select
        matched.line,
        matched.content,
        matched.is_whole,
        case
            when regexp_full_match(matched.fields.user_id, '[0-9]{1,10}')
                then try_cast(matched.fields.user_id as integer)
        end as user_id,
        case
            when regexp_full_match(matched.fields.movie_id, '[0-9]{1,10}')
                then try_cast(matched.fields.movie_id as integer)
        end as movie_id,
        case
            when $is_csv and starts_with(matched.fields.tag, '"')
                then replace(regexp_extract(matched.fields.tag, '^"(.*)"$', 1), '""', '"')
            else matched.fields.tag
        end as tag,
        case
            when regexp_full_match(matched.fields.seconds, '-?[0-9]{1,18}')
                then try_cast(matched.fields.seconds as bigint)
        end as seconds
    from matched
)

select
    typed.line,
    typed.user_id,
    typed.movie_id,
    typed.tag,
    typed.seconds,
    typed.content,
    case
        when contains(typed.content, chr(1)) then 'characters that are no text'
        when not typed.is_whole then 'half a line, or too many fields'
        when coalesce(typed.user_id, 0) < 1 then 'user id is not a whole number above 0'
        when coalesce(typed.movie_id, 0) < 1 then 'movie id is not a whole number above 0'
        when trim(typed.tag) = '' then 'no tag'
        when typed.seconds is null then 'time is not a whole number of seconds'
        when typed.seconds <= 0 then 'time before 1970'
        when typed.seconds > $latest then 'time in the future'
        when movies.movie_id is null then 'unknown movie'
    end as reason
from typed
left join movies
    on typed.movie_id = movies.movie_id
order by typed.line
