-- Gives a person a name and color, unless they have one, the name is somebody's or they are of the release.
-- params: $user_id, $called, $color, $now
insert into profiles (user_id, name, color, created_at)
select
    $user_id,
    $called,
    $color,
    $now
where not exists (
    select 1
    from profiles
    where profiles.user_id = $user_id
        or lower(profiles.name) = lower($called)
)
and not exists (
    select 1
    from users
    where users.user_id = $user_id
        and users.source = 'release'
)
