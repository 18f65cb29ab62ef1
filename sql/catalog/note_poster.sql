-- Notes why a poster could not be had, in place of an earlier reason.
-- params: $poster_path, $reason, $now
insert or replace into poster_lookups (poster_path, reason, looked_up_at)
values ($poster_path, $reason, $now)
