-- Removes the ratings of the release; people's own stay.
delete from ratings
where ratings.source = 'release'
