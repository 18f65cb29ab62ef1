-- Makes the table that remembers which schema files were applied.
create table if not exists migrations (
    name varchar primary key,
    applied_at timestamp not null default current_timestamp::timestamp
)
