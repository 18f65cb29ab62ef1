-- Removes the names of people whose id is somebody else's in the release.
delete from profiles
using users
where profiles.user_id = users.user_id
    and users.source = 'release'
