-- Makes a user of the app, unless the id is somebody's already.
-- params: $user_id, $now
insert or ignore into users (user_id, source, created_at)
values ($user_id, 'app', $now)
