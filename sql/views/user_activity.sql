-- One row per person with ratings, requests or feedback: how much, and when first and last, the most active first.
create view user_activity as
with rated as (
    select
        ratings.user_id,
        count(*) as n_ratings,
        count(*) filter (where ratings.source = 'app') as n_own_ratings,
        min(ratings.rated_at) as first_at,
        max(ratings.rated_at) as last_at
    from ratings
    group by ratings.user_id
),

asked as (
    select
        requests.user_id,
        count(*) as n_requests,
        min(requests.requested_at) as first_at,
        max(requests.requested_at) as last_at
    from requests
    where requests.user_id is not null
    group by requests.user_id
),

told as (
    select
        feedback.user_id,
        count(*) as n_events,
        min(feedback.occurred_at) as first_at,
        max(feedback.occurred_at) as last_at
    from feedback
    group by feedback.user_id
),

people as (
    select rated.user_id from rated
    union
    select asked.user_id from asked
    union
    select told.user_id from told
)

select
    people.user_id,
    users.source,
    coalesce(rated.n_ratings, 0) as n_ratings,
    coalesce(rated.n_own_ratings, 0) as n_own_ratings,
    coalesce(asked.n_requests, 0) as n_requests,
    coalesce(told.n_events, 0) as n_events,
    least(rated.first_at, asked.first_at, told.first_at) as first_at,
    greatest(rated.last_at, asked.last_at, told.last_at) as last_at
from people
left join users on people.user_id = users.user_id
left join rated on people.user_id = rated.user_id
left join asked on people.user_id = asked.user_id
left join told on people.user_id = told.user_id
order by
    n_requests desc,
    n_ratings desc,
    people.user_id;

comment on view user_activity is
'One row per person with ratings, requests or feedback: how much, and when first and last, the most active first.';
comment on column user_activity.user_id is 'Id of the person.';
comment on column user_activity.source is
'"release" or "app"; null for an id that was asked with and that nobody has.';
comment on column user_activity.n_ratings is 'Ratings, of the release and their own.';
comment on column user_activity.n_own_ratings is 'Ratings given in this app.';
comment on column user_activity.n_requests is 'Requests for films.';
comment on column user_activity.n_events is 'Feedback events.';
comment on column user_activity.first_at is 'First sign of them (UTC).';
comment on column user_activity.last_at is 'Last sign of them (UTC).'
