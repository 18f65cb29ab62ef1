-- One row: the release in this instance. No row before the first ingest.
select
    dataset.release,
    dataset.origin,
    dataset.checksum,
    dataset.ingested_at,
    dataset.n_ratings,
    dataset.n_users,
    dataset.n_movies,
    dataset.n_tags,
    dataset.n_rejected,
    dataset.first_rated_at,
    dataset.last_rated_at,
    dataset.published_at,
    dataset.simulated_until
from dataset
