-- One row per line of a small file, numbered from 1, its header and blank lines left out.
-- params: $file, $encoding, $n_header
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
    lines.line,
    lines.content
from lines
where lines.line > $n_header
    and trim(lines.content) <> ''
order by lines.line
