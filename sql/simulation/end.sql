-- Notes where the simulated time ends.
-- params: $until
update dataset
set simulated_until = $until
