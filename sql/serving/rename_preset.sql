-- Gives a list setting another name.
-- params: $user_id, $called, $new_name
update presets
set name = $new_name
where presets.user_id = $user_id and presets.name = $called
