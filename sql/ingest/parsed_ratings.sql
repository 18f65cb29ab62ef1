-- One row per line of a ratings file, as numbers; `reason` is null where the line can be used so far.
-- params: $file, $encoding, $n_header, $delimiter, $latest
with lines as (
    select
        (row_number() over ())::integer as line,
        content
    from read_csv(
        $file,
        columns = {'content': 'varchar'},
        auto_detect = false,
        header = false,
        delim = '',
        quote = '',
        escape = '',
        comment = '',
        encoding = $encoding,
        strict_mode = false,
        hive_partitioning = false,
        compression = 'none'
    )
),

split_lines as (
    select
        lines.line,
        string_split(lines.content, $delimiter) as fields
    from lines
    where lines.line > $n_header
        and trim(lines.content) <> ''
),

-- A cast alone would take '12.7' for 13 and ' 5' for 5.
typed as (
    select
        split_lines.line,
        len(split_lines.fields) as n_fields,
        case
            when regexp_full_match(split_lines.fields[1], '[0-9]{1,10}')
                then try_cast(split_lines.fields[1] as integer)
        end as user_id,
        case
            when regexp_full_match(split_lines.fields[2], '[0-9]{1,10}')
                then try_cast(split_lines.fields[2] as integer)
        end as movie_id,
        case
            when regexp_full_match(split_lines.fields[3], '-?[0-9.]{1,10}')
                then try_cast(split_lines.fields[3] as float)
        end as rating,
        case
            when regexp_full_match(split_lines.fields[4], '-?[0-9]{1,18}')
                then try_cast(split_lines.fields[4] as bigint)
        end as seconds
    from split_lines
)

select
    typed.line,
    typed.user_id,
    typed.movie_id,
    typed.rating,
    typed.seconds,
    case
        when typed.n_fields < 4 then 'half a line: fewer than 4 fields'
        when typed.n_fields > 4 then 'more than 4 fields'
        when coalesce(typed.user_id, 0) < 1 then 'user id is not a whole number above 0'
        when coalesce(typed.movie_id, 0) < 1 then 'movie id is not a whole number above 0'
        when typed.rating is null then 'stars are not a number'
        when typed.rating not between 0.5 and 5 then 'stars outside 0.5 to 5'
        when typed.rating * 2 <> floor(typed.rating * 2) then 'stars not in halves'
        when typed.seconds is null then 'time is not a whole number of seconds'
        when typed.seconds <= 0 then 'time before 1970'
        when typed.seconds > $latest then 'time in the future'
        when typed.movie_id not in (select movies.movie_id from movies) then 'unknown movie'
    end as reason
from typed
