-- One row per rejected line of a large file, with what it says.
-- params: $file, $encoding
-- incoming: line, reason
with lines as (
    select
        row_number() over () as line,
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
)

select
    incoming.line,
    incoming.reason,
    lines.content
from incoming
inner join lines
    on incoming.line = lines.line
order by incoming.line
