-- What replay and the jobs leave behind, and who made a decision. Instants are UTC.
alter table promotion_decisions add column made_by varchar default 'gate';
comment on column promotion_decisions.made_by is '"gate", "hand" or "rollback".';

create table replay_outcomes (
    day date not null,
    model_version varchar not null,
    is_fallback boolean not null,
    user_id integer not null,
    n_requests integer not null,
    n_shown integer not null,
    n_hits integer not null,
    n_touched integer not null,
    n_popular integer not null,
    n_popular_hits integer not null,
    n_popular_touched integer not null,
    k integer not null,
    window_days integer not null,
    is_final boolean not null
);
comment on table replay_outcomes is
'One row per day, version, kind of answer and person: what became of the films that were recommended.';
comment on column replay_outcomes.day is 'Day (UTC) of the requests.';
comment on column replay_outcomes.model_version is '"none" where popular films were served without a model.';
comment on column replay_outcomes.n_shown is 'Films recommended, each once a window.';
comment on column replay_outcomes.n_hits is 'Of n_shown: not seen before and liked within the window.';
comment on column replay_outcomes.n_touched is 'Of n_shown: with any feedback or rating within the window.';
comment on column replay_outcomes.n_popular is
'Films that the popular list of that moment would have shown, each once a window.';
comment on column replay_outcomes.n_popular_hits is 'Of n_popular: not seen before and liked within the window.';
comment on column replay_outcomes.n_popular_touched is
'Of n_popular: with any feedback or rating within the window.';
comment on column replay_outcomes.k is 'Only the first k films of each list count.';
comment on column replay_outcomes.is_final is 'Whether the window of every request of the day was over.';

create table replay_results (
    day date not null,
    model_version varchar not null,
    is_fallback boolean not null,
    metric varchar not null,
    value double not null,
    low double not null,
    high double not null,
    control double,
    control_low double,
    control_high double,
    n_users integer not null,
    n_requests integer not null,
    k integer not null,
    window_days integer not null,
    is_final boolean not null,
    replayed_at timestamp not null,
    primary key (day, model_version, is_fallback, metric)
);
comment on table replay_results is
'One row per day, model version, kind of answer and metric: what people really did with what was recommended.';
comment on column replay_results.day is 'Day (UTC) of the requests.';
comment on column replay_results.model_version is '"none" where popular films were served without a model.';
comment on column replay_results.is_fallback is 'Whether the answers were popular films instead of personal ones.';
comment on column replay_results.metric is
'"precision" (share liked afterwards), "hit_rate" (people with one such film or more), "ctr" (share with any
feedback or rating).';
comment on column replay_results.value is 'Mean over people.';
comment on column replay_results.low is '95 % bootstrap interval over people: its lower end.';
comment on column replay_results.control is 'The same for the popular list of that moment.';
comment on column replay_results.n_users is 'People with a film that counts that day.';
comment on column replay_results.k is 'Only the first k films of each list count.';
comment on column replay_results.is_final is 'Whether the window of every request of the day was over.';

create table replay_versions (
    model_version varchar not null,
    is_fallback boolean not null,
    metric varchar not null,
    value double not null,
    low double not null,
    high double not null,
    control double,
    control_low double,
    control_high double,
    n_users integer not null,
    n_requests integer not null,
    n_days integer not null,
    replayed_at timestamp not null,
    primary key (model_version, is_fallback, metric)
);
comment on table replay_versions is
'One row per model version, kind of answer and metric: replay_results over all days, each person once.';
comment on column replay_versions.value is 'Mean over people of the mean over their days.';

create table job_runs (
    run_id uuid primary key,
    job varchar not null,
    started_by varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    stage varchar,
    progress double not null default 0,
    outcome varchar,
    summary varchar,
    error varchar
);
comment on table job_runs is 'One row per run of a job.';
comment on column job_runs.job is '"retrain", "replay", "report", "publish" or "housekeeping".';
comment on column job_runs.started_by is '"schedule", "command", "api" or "page".';
comment on column job_runs.stage is 'What it was doing last.';
comment on column job_runs.progress is 'Share of the stage that was done, 0 to 1.';
comment on column job_runs.outcome is
'Null while it runs; then "done", "skipped", "cancelled", "failed" or "interrupted" (the process died).';
comment on column job_runs.summary is 'What it did, in a sentence.';
comment on column job_runs.error is 'What went wrong, in a sentence.'
