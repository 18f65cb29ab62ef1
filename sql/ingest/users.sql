-- Adds everybody who has ratings in the release, with what the release says of them.
-- incoming: user_id, gender, age, occupation, zip_code
insert into users (
    user_id,
    gender,
    age,
    occupation,
    zip_code,
    source
)
select
    people.user_id,
    incoming.gender,
    incoming.age,
    incoming.occupation,
    incoming.zip_code,
    'release'
from (
    select distinct ratings.user_id
    from ratings
    where ratings.source = 'release'
) as people
left join incoming
    on people.user_id = incoming.user_id
order by people.user_id
