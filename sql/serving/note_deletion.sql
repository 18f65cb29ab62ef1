-- Remembers that a person was deleted.
-- params: $user_id
insert or ignore into deleted_people values ($user_id)
