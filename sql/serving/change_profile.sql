-- Renames a person and gives them another color.
-- params: $user_id, $called, $color
update profiles
set
    name = $called,
    color = $color
where profiles.user_id = $user_id
