-- Notes in the published copy when it was made.
-- params: $now
update dataset
set published_at = $now
