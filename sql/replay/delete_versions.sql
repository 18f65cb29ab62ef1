-- Removes the figures over all days, before new ones take their place.
delete from replay_versions
