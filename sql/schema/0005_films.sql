-- What is known of films beyond the release, and what a person keeps in this app. Instants are UTC.
create table film_metadata (
    movie_id integer primary key,
    tmdb_id integer,
    imdb_id integer,
    title varchar,
    original_title varchar,
    overview varchar,
    runtime_min smallint,
    released_on date,
    vote_average float,
    n_votes integer,
    popularity float,
    poster_path varchar,
    backdrop_path varchar,
    keywords varchar[] not null,
    directors varchar[] not null,
    actors varchar[] not null,
    origin varchar not null,
    matched_by varchar not null,
    fetched_at timestamp not null
);
comment on table film_metadata is 'One row per movie of the release that TMDB, or a copy of its data, knows.';
comment on column film_metadata.imdb_id is 'The number without "tt".';
comment on column film_metadata.title is 'As TMDB has it, which is how other services write it too.';
comment on column film_metadata.vote_average is 'Votes at TMDB, 0 to 10; null without a vote.';
comment on column film_metadata.popularity is 'TMDB''s own measure, without a unit.';
comment on column film_metadata.poster_path is 'Name of the picture at TMDB, with a leading slash.';
comment on column film_metadata.actors is 'The first of the cast, in the order of the credits.';
comment on column film_metadata.origin is '"file" or "tmdb".';
comment on column film_metadata.matched_by is '"tmdb id", "imdb id" or "title".';

create table film_lookups (
    movie_id integer primary key,
    reason varchar,
    looked_up_at timestamp not null
);
comment on table film_lookups is 'One row per movie that TMDB was asked about.';
comment on column film_lookups.reason is 'Why nothing came of it; null where TMDB gave an answer.';

create table poster_lookups (
    poster_path varchar primary key,
    reason varchar not null,
    looked_up_at timestamp not null
);
comment on table poster_lookups is 'One row per picture that TMDB was asked for and could not give.';

create table profiles (
    user_id integer primary key,
    name varchar not null unique,
    color varchar,
    created_at timestamp not null
);
comment on table profiles is 'One row per person who uses this app under a name.';
comment on column profiles.color is '"#rrggbb".';

create table watches (
    user_id integer not null,
    movie_id integer not null,
    watched_on date,
    nth smallint not null,
    is_rewatch boolean not null,
    added_at timestamp not null
);
comment on table watches is 'One row per time that a person watched a movie.';
comment on column watches.watched_on is 'Null where only is known that it was watched; then it is the only row of the pair.';
comment on column watches.nth is 'Tells several on one day apart: 1, 2, ...';

create table watchlist (
    user_id integer not null,
    movie_id integer not null,
    added_at timestamp not null,
    primary key (user_id, movie_id)
);
comment on table watchlist is 'One row per movie that a person wants to watch.';

create table notes (
    user_id integer not null,
    movie_id integer not null,
    note varchar not null,
    noted_at timestamp not null,
    primary key (user_id, movie_id)
);
comment on table notes is 'One row per movie that a person wrote something about.';

create table unlearned (
    user_id integer not null,
    movie_id integer not null,
    since timestamp not null,
    primary key (user_id, movie_id)
);
comment on table unlearned is 'One row per movie that no model may learn this person''s taste from.';

-- What people told before there were these tables.
insert into watches (user_id, movie_id, watched_on, nth, is_rewatch, added_at)
select
    feedback.user_id,
    feedback.movie_id,
    null,
    1,
    false,
    min(feedback.occurred_at)
from feedback
where feedback.event_type = 'watched'
group by
    feedback.user_id,
    feedback.movie_id;

insert into watchlist (user_id, movie_id, added_at)
select
    feedback.user_id,
    feedback.movie_id,
    max(feedback.occurred_at)
from feedback
where feedback.event_type in ('hide', 'dislike', 'watched', 'rating', 'watchlist')
group by
    feedback.user_id,
    feedback.movie_id
having last(feedback.event_type order by feedback.occurred_at, feedback.rowid) = 'watchlist'
