-- Adds the lines of one file that were left out.
-- params: $file_name
-- incoming: line, reason, content
insert into rejected_rows (
    file,
    line,
    reason,
    content
)
select
    $file_name,
    incoming.line,
    incoming.reason,
    left(incoming.content, 500)
from incoming
order by incoming.line
