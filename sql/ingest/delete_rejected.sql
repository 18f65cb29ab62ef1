-- Removes the rejected lines of the release; what people lost in a replacement (no line) stays on record.
delete from rejected_rows
where rejected_rows.line is not null
