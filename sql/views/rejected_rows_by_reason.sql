-- One row per file of the release and reason: how many of its lines were left out.
create view rejected_rows_by_reason as
select
    rejected_rows.file,
    rejected_rows.reason,
    count(*) as n_rows,
    min(rejected_rows.line) as first_line,
    arg_min(rejected_rows.content, rejected_rows.line) as example
from rejected_rows
group by
    rejected_rows.file,
    rejected_rows.reason
order by
    n_rows desc,
    rejected_rows.file,
    rejected_rows.reason;

comment on view rejected_rows_by_reason is
'One row per file of the release and reason: how many of its lines were left out.';
comment on column rejected_rows_by_reason.file is 'File of the release.';
comment on column rejected_rows_by_reason.reason is 'Which promise the lines broke.';
comment on column rejected_rows_by_reason.n_rows is 'Lines.';
comment on column rejected_rows_by_reason.first_line is 'Number of the first of them, where known.';
comment on column rejected_rows_by_reason.example is 'What the first of them says.'
