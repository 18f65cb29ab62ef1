"""Two tastes on a checkerboard: even people like even films, odd people odd ones; own diagonal withheld."""

import numpy as np

from movieapp.preparation.interactions import Interactions

SIZE = 20


def interactions(stars: np.ndarray) -> Interactions:
    """Return the ratings of a dense (users x movies) array, 0 for none; ids are positions plus 1."""
    rows, columns = np.nonzero(stars)
    return Interactions(
        user_ids=np.arange(1, len(stars) + 1, dtype=np.int32),
        movie_ids=np.arange(1, stars.shape[1] + 1, dtype=np.int32),
        rows=rows.astype(np.int32),
        columns=columns.astype(np.int32),
        stars=stars[rows, columns].astype(np.float32),
        rated_at=np.arange(len(rows), dtype=np.int64) * 3600,
    )


def checkerboard() -> Interactions:
    """Return the two tastes; everybody also saw one film of the other taste and did not like it."""
    users, movies = np.mgrid[:SIZE, :SIZE]
    stars = np.where((users + movies) % 2 == 0, 5.0, 0.0)
    np.fill_diagonal(stars, 0.0)
    stars[np.arange(SIZE), (np.arange(SIZE) + 1) % SIZE] = 2.0
    return interactions(stars)
