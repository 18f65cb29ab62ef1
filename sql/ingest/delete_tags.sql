-- Removes all rows of tags.
delete from tags
