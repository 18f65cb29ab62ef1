-- One row per movie that was asked for and is not in the model, the most wanted first.
create view unknown_movies_asked as
select
    unknown_movies.movie_id,
    coalesce(unknown_movies.title, movies.title) as title,
    unknown_movies.n_asked,
    unknown_movies.first_asked_at,
    unknown_movies.last_asked_at,
    movies.movie_id is not null as is_in_release,
    count(ratings.movie_id) as n_ratings
from unknown_movies
left join movies on unknown_movies.movie_id = movies.movie_id
left join ratings on unknown_movies.movie_id = ratings.movie_id
group by all
order by
    unknown_movies.n_asked desc,
    unknown_movies.movie_id;

comment on view unknown_movies_asked is
'One row per movie that was asked for and is not in the model, the most wanted first.';
comment on column unknown_movies_asked.movie_id is 'Null where it was asked for by its title.';
comment on column unknown_movies_asked.title is
'As it was asked for, else as in MovieLens; null where nothing is known.';
comment on column unknown_movies_asked.n_asked is 'How often it was asked for.';
comment on column unknown_movies_asked.first_asked_at is 'When first (UTC).';
comment on column unknown_movies_asked.last_asked_at is 'When last (UTC).';
comment on column unknown_movies_asked.is_in_release is
'Whether the release has it: then it only lacks ratings to learn from.';
comment on column unknown_movies_asked.n_ratings is 'Ratings of it by now.'
