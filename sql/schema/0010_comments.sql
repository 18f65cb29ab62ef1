-- What tables and columns hold, where the words for analysts had fallen behind.
comment on table users is
'One row per person: of the release, or made by the app, whether they have rated anything or not.';
comment on column job_runs.job is
'"retrain", "replay", "report", "publish", "housekeeping", "enrich", "train" or "prepare" (a start).';
comment on column job_runs.started_by is '"schedule", "command", "api", "page" or "start" (that of the app).'
