-- What a MovieLens release brings. Instants are UTC.
create table dataset (
    release varchar not null,
    origin varchar not null,
    checksum varchar not null,
    ingested_at timestamp not null,
    n_ratings bigint not null,
    n_users bigint not null,
    n_movies bigint not null,
    n_tags bigint not null,
    n_rejected bigint not null,
    first_rated_at timestamp,
    last_rated_at timestamp,
    published_at timestamp
);
comment on table dataset is 'One row: the release in this instance, and when it was published for analysts.';
comment on column dataset.checksum is 'SHA-256 over the files that were read.';
comment on column dataset.last_rated_at is 'Newest rating of the release: the end of its own time.';

create table movies (
    movie_id integer primary key,
    title varchar not null,
    release_year smallint,
    genres varchar[] not null
);
comment on table movies is 'One row per movie of the release.';
comment on column movies.title is 'As in MovieLens: "Matrix, The (1999)".';
comment on column movies.genres is 'Empty where the release lists none.';

create table users (
    user_id integer primary key,
    gender varchar,
    age smallint,
    occupation varchar,
    zip_code varchar,
    source varchar not null,
    created_at timestamp
);
comment on table users is 'One row per person with ratings: of the release, or made by the app.';
comment on column users.age is 'Years; ML-1M gives the lower end of a range (1 stands for under 18).';
comment on column users.source is '"release" or "app".';

create table ratings (
    user_id integer not null,
    movie_id integer not null,
    rating float not null,
    rated_at timestamp not null,
    arrived_at timestamp not null,
    source varchar not null
);
comment on table ratings is 'One row per (user, movie): the latest rating, of the release or a person''s own.';
comment on column ratings.rating is 'Stars, 0.5 to 5 in halves.';
comment on column ratings.arrived_at is 'When this instance came to know it.';
comment on column ratings.source is '"release" or "app".';

create table tags (
    user_id integer not null,
    movie_id integer not null,
    tag varchar not null,
    tagged_at timestamp not null
);
comment on table tags is 'One row per tag that a user gave a movie.';

create table links (
    movie_id integer primary key,
    imdb_id integer,
    tmdb_id integer
);
comment on table links is 'One row per movie with an id elsewhere. imdb_id is the number without "tt".';

create table rejected_rows (
    file varchar not null,
    line bigint,
    reason varchar not null,
    content varchar
);
comment on table rejected_rows is 'One row per line of the release that broke a promise and was left out.'
