-- Removes all rows of links.
delete from links
