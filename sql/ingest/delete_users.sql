-- Removes all rows of users.
delete from users
