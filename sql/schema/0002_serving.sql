-- What the app notes while it serves. Instants are UTC.
create table requests (
    request_id uuid primary key,
    requested_at timestamp not null,
    user_id integer,
    endpoint varchar not null,
    model_version varchar,
    recommendations integer[] not null,
    scores float[] not null,
    latency_ms double not null,
    is_fallback boolean not null,
    status smallint not null,
    asked varchar not null
);
comment on table requests is 'One row per answered request for films.';
comment on column requests.recommendations is 'Movie ids as shown, best first.';
comment on column requests.scores is 'Beside recommendations, one each.';
comment on column requests.asked is 'JSON: k, filters, seeds, as asked.';

create table feedback (
    event_id uuid primary key,
    occurred_at timestamp not null,
    user_id integer not null,
    movie_id integer not null,
    event_type varchar not null,
    value float,
    request_id uuid
);
comment on table feedback is 'One row per event: click, like, dislike, watched, watchlist, hide, rating, rating_removed.';
comment on column feedback.request_id is 'The list it came from, where known.';

create table unknown_movies (
    movie_id integer,
    title varchar,
    n_asked integer not null,
    first_asked_at timestamp not null,
    last_asked_at timestamp not null
);
comment on table unknown_movies is 'One row per movie that was asked for and is not in the model.'
