-- Says of all ratings that they came in at $since, when the simulated time begins.
-- params: $since
update ratings
set arrived_at = $since
