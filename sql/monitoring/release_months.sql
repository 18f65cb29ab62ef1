-- One row per month with ratings of the release, oldest first: ratings, people, and people who came that month.
with first_months as (
    select
        ratings.user_id,
        date_trunc('month', min(ratings.rated_at)) as month
    from ratings
    where ratings.source = 'release'
    group by ratings.user_id
),

months as (
    select
        date_trunc('month', ratings.rated_at) as month,
        count(*) as n_ratings,
        count(distinct ratings.user_id) as n_people
    from ratings
    where ratings.source = 'release'
    group by 1
),

newcomers as (
    select
        first_months.month,
        count(*) as n_new
    from first_months
    group by first_months.month
)

select
    months.month,
    months.n_ratings,
    months.n_people,
    coalesce(newcomers.n_new, 0) as n_new
from months
left join newcomers on months.month = newcomers.month
order by months.month
