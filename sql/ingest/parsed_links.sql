-- One row per line of a links file; `reason` is null where it can be used. Either id may be empty.
-- incoming: line, content
with split_lines as (
    select
        incoming.line,
        incoming.content,
        string_split(incoming.content, ',') as fields
    from incoming
),

typed as (
    select
        split_lines.line,
        split_lines.content,
        split_lines.fields,
        case
            when regexp_full_match(split_lines.fields[1], '[0-9]{1,10}')
                then try_cast(split_lines.fields[1] as integer)
        end as movie_id,
        case
            when regexp_full_match(split_lines.fields[2], '[0-9]{1,10}')
                then try_cast(split_lines.fields[2] as integer)
        end as imdb_id,
        case
            when regexp_full_match(split_lines.fields[3], '[0-9]{1,10}')
                then try_cast(split_lines.fields[3] as integer)
        end as tmdb_id
    from split_lines
),

judged as (
    select
        typed.line,
        typed.movie_id,
        typed.imdb_id,
        typed.tmdb_id,
        typed.content,
        case
            when len(typed.fields) < 3 then 'half a line: fewer than 3 fields'
            when len(typed.fields) > 3 then 'more than 3 fields'
            when coalesce(typed.movie_id, 0) < 1 then 'movie id is not a whole number above 0'
            when typed.imdb_id is null and typed.fields[2] <> '' then 'IMDb id is not a whole number'
            when typed.tmdb_id is null and typed.fields[3] <> '' then 'TMDB id is not a whole number'
            when movies.movie_id is null then 'unknown movie'
        end as reason
    from typed
    left join movies
        on typed.movie_id = movies.movie_id
)

select
    judged.line,
    judged.movie_id,
    judged.imdb_id,
    judged.tmdb_id,
    judged.content,
    case
        when judged.reason is not null then judged.reason
        when
            row_number() over (
                partition by
                    judged.movie_id,
                    judged.reason
                order by judged.line
            ) > 1
            then 'the same movie id again'
    end as reason
from judged
order by judged.line
