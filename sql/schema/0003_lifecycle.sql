-- What training and promotion leave behind. Instants are UTC.
create table evaluations (
    run_id varchar not null,
    evaluated_at timestamp not null,
    release varchar not null,
    "window" varchar not null,
    model varchar not null,
    slice varchar not null,
    metric varchar not null,
    value double not null,
    low double,
    high double,
    n_users integer not null
);
comment on table evaluations is 'One row per run, window, slice of users and metric.';
comment on column evaluations."window" is '"validation" or "test".';
comment on column evaluations.slice is '"returning" (history before the cut-off) or "new" (folded in from five likes).';
comment on column evaluations.low is '95 % bootstrap interval over users: its lower end.';

create table promotion_decisions (
    decided_at timestamp not null,
    champion varchar,
    challenger varchar not null,
    is_promoted boolean not null,
    reasoning varchar not null,
    numbers varchar not null
);
comment on table promotion_decisions is 'One row per decision about which version serves.';
comment on column promotion_decisions.numbers is 'JSON: every figure that the decision rests on.'
