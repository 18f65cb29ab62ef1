-- One row: the release in this instance; none before the first.
select
    dataset.release,
    dataset.checksum,
    dataset.n_ratings,
    dataset.n_users,
    dataset.n_movies,
    dataset.n_tags,
    dataset.n_rejected
from dataset
