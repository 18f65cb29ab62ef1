-- One row per line of a users file; `reason` is null where it can be used. 1M's occupations are codes.
-- params: $delimiter, $gender_field, $age_field
-- incoming: line, content
with split_lines as (
    select
        incoming.line,
        incoming.content,
        string_split(incoming.content, $delimiter) as fields
    from incoming
),

typed as (
    select
        split_lines.line,
        split_lines.content,
        len(split_lines.fields) as n_fields,
        case
            when regexp_full_match(split_lines.fields[1], '[0-9]{1,10}')
                then try_cast(split_lines.fields[1] as integer)
        end as user_id,
        split_lines.fields[$gender_field] as gender,
        case
            when regexp_full_match(split_lines.fields[$age_field], '[0-9]{1,3}')
                then try_cast(split_lines.fields[$age_field] as smallint)
        end as age,
        case
            when regexp_full_match(split_lines.fields[4], '[0-9]{1,2}')
                then (
                    [
                        'other', 'academic/educator', 'artist', 'clerical/admin', 'college/grad student',
                        'customer service', 'doctor/health care', 'executive/managerial', 'farmer',
                        'homemaker', 'K-12 student', 'lawyer', 'programmer', 'retired', 'sales/marketing',
                        'scientist', 'self-employed', 'technician/engineer', 'tradesman/craftsman',
                        'unemployed', 'writer'
                    ]
                )[try_cast(split_lines.fields[4] as integer) + 1]
            else nullif(trim(split_lines.fields[4]), '')
        end as occupation,
        nullif(trim(split_lines.fields[5]), '') as zip_code
    from split_lines
),

judged as (
    select
        typed.line,
        typed.user_id,
        typed.gender,
        typed.age,
        typed.occupation,
        typed.zip_code,
        typed.content,
        case
            when contains(typed.content, chr(1)) then 'characters that are no text'
            when typed.n_fields < 5 then 'half a line: fewer than 5 fields'
            when typed.n_fields > 5 then 'more than 5 fields'
            when coalesce(typed.user_id, 0) < 1 then 'user id is not a whole number above 0'
            when typed.gender not in ('F', 'M') then 'gender is not F or M'
            when typed.age is null then 'age is not a whole number'
            when typed.occupation is null then 'unknown occupation'
        end as reason
    from typed
)

select
    judged.line,
    judged.user_id,
    judged.gender,
    judged.age,
    judged.occupation,
    judged.zip_code,
    judged.content,
    case
        when judged.reason is not null then judged.reason
        when
            row_number() over (
                partition by
                    judged.user_id,
                    judged.reason
                order by judged.line
            ) > 1
            then 'the same user id again'
    end as reason
from judged
order by judged.line
