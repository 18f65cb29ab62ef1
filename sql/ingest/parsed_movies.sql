-- One row per line of a movies file; `reason` is null where it can be used. 100K's genres come as flags.
-- params: $pattern, $is_csv
-- incoming: line, content
with matched as (
    select
        incoming.line,
        incoming.content,
        regexp_extract(incoming.content, $pattern, ['id', 'title', 'genres']) as fields,
        regexp_matches(incoming.content, $pattern) as is_whole
    from incoming
),

typed as (
    select
        matched.line,
        matched.content,
        matched.is_whole,
        case
            when regexp_full_match(matched.fields.id, '[0-9]{1,10}')
                then try_cast(matched.fields.id as integer)
        end as movie_id,
        case
            when $is_csv and starts_with(matched.fields.title, '"')
                then replace(regexp_extract(matched.fields.title, '^"(.*)"$', 1), '""', '"')
            else matched.fields.title
        end as title,
        case
            when regexp_full_match(matched.fields.genres, '[01](\|[01]){18}')
                then list_where(
                    [
                        'unknown', 'Action', 'Adventure', 'Animation', 'Children''s', 'Comedy', 'Crime',
                        'Documentary', 'Drama', 'Fantasy', 'Film-Noir', 'Horror', 'Musical', 'Mystery',
                        'Romance', 'Sci-Fi', 'Thriller', 'War', 'Western'
                    ],
                    list_transform(string_split(matched.fields.genres, '|'), lambda flag: flag = '1')
                )
            else string_split(trim(matched.fields.genres, '"'), '|')
        end as genres
    from matched
),

judged as (
    select
        typed.line,
        typed.movie_id,
        typed.title,
        typed.genres,
        typed.content,
        case
            when contains(typed.content, chr(1)) then 'characters that are no text'
            when not typed.is_whole then 'half a line, or too many fields'
            when coalesce(typed.movie_id, 0) < 1 then 'movie id is not a whole number above 0'
            when trim(typed.title) = '' then 'no title'
        end as reason
    from typed
)

select
    judged.line,
    judged.movie_id,
    judged.title,
    list_filter(
        judged.genres,
        lambda genre: trim(genre) not in ('', 'unknown', '(no genres listed)')
    ) as genres,
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
