-- Keeps a list setting under a name, in place of another one of that name.
-- params: $user_id, $called, $preset, $now
insert or replace into presets (
    user_id,
    name,
    preset,
    changed_at
)
values ($user_id, $called, $preset, $now)
