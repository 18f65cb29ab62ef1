-- Removes a person's list settings.
-- params: $user_id
delete from presets
where presets.user_id = $user_id
