-- Which lines of the release were left out, and why?
select
    rejected_rows_by_reason.file,
    rejected_rows_by_reason.reason,
    rejected_rows_by_reason.n_rows,
    rejected_rows_by_reason.first_line,
    rejected_rows_by_reason.example
from rejected_rows_by_reason
order by rejected_rows_by_reason.n_rows desc
