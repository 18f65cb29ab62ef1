-- What people keep as the setting of a list under a name. Instants are UTC.
create table presets (
    user_id integer not null,
    name varchar not null,
    preset varchar not null,
    changed_at timestamp not null,
    primary key (user_id, name)
);
comment on table presets is 'One row per list setting that a person keeps under a name.';
comment on column presets.preset is 'JSON: filters and aims, by the names that requests have for them.'
