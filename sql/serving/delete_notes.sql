-- Removes all notes of a person.
-- params: $user_id
delete from notes
where notes.user_id = $user_id
