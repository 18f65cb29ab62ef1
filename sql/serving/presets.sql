-- One row per list setting that a person keeps, by name.
-- params: $user_id
select
    presets.name,
    presets.preset,
    presets.changed_at
from presets
where presets.user_id = $user_id
order by
    lower(presets.name),
    presets.name
