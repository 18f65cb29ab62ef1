-- What the progress of a run is a share of.
comment on column job_runs.progress is 'Share that was done, 0 to 1: of a training as a whole, else of the stage.'
