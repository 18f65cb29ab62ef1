-- Removes a list setting.
-- params: $user_id, $called
delete from presets
where presets.user_id = $user_id and presets.name = $called
