"""The live version: a bundle tied to the catalogue, and how somebody's scores come out of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from movieapp.errors import Conflict
from movieapp.models.base import Explained
from movieapp.models.bundle import Bundle
from movieapp.preparation.interactions import Histories
from movieapp.serving.catalogue import Catalogue
from movieapp.serving.profiles import History


@dataclass(frozen=True, slots=True)
class LiveVersion:
    """What the status and the pages tell of the version that serves."""

    version: str
    algorithm: str
    trained_at: datetime
    metrics: dict[str, Any]
    n_movies: int


@dataclass(frozen=True, eq=False)
class Scored:
    """Somebody's scores by the live model, and the history as the model sees it."""

    explained: Explained
    history: Histories


@dataclass(frozen=True, eq=False)
class Live:
    """A version and its place in the catalogue; replaced whole when another version is promoted.

    `rows` (movies,) gives the catalogue row of each column; `columns` (films,) the column of each row, or -1;
    `known` (movies,) tells which movies somebody likes: as in the evaluation, only they are ranked.
    """

    about: LiveVersion
    bundle: Bundle
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, bundle: Bundle, *, version: str, catalogue: Catalogue) -> "Live":
        """Tie a bundle to the catalogue; `Conflict` if it knows movies that are not in there."""
        rows = np.searchsorted(catalogue.movie_ids, bundle.movie_ids)
        last = len(catalogue.movie_ids) - 1
        if not np.array_equal(catalogue.movie_ids[np.minimum(rows, last)], bundle.movie_ids):
            raise Conflict(
                f"Version {version} was trained on another release than the one in the database. "
                "Train again: launcher.py train."
            )
        columns = np.full(len(catalogue.films), -1, np.int64)
        known = bundle.popularity > 0
        columns[rows[known]] = np.flatnonzero(known)
        about = LiveVersion(
            version=version,
            algorithm=str(bundle.facts["algorithm"]),
            trained_at=datetime.fromisoformat(bundle.facts["trained_at"]),
            metrics=dict(bundle.facts["metrics"]),
            n_movies=int(known.sum()),
        )
        return cls(about, bundle, rows, columns, known)

    def score(self, history: History) -> Scored | None:
        """Return the person's scores, or None when nothing that the model knows is liked.

        The current history is folded in, every time: for one that has not changed since the training this
        gives the stored embedding, and nothing shown is ever stale.
        """
        seen = self._histories(history)
        if not seen.liked.any():
            return None
        explained = self.bundle.model.explained(seen)
        scores = np.where(self.known, explained.scores, np.float32(-np.inf))
        return Scored(replace(explained, scores=scores), seen)

    def _histories(self, history: History) -> Histories:
        """Return the part of a history that the model knows."""
        movie_ids = self.bundle.movie_ids
        places = np.minimum(np.searchsorted(movie_ids, history.movie_ids), len(movie_ids) - 1)
        known = movie_ids[places] == history.movie_ids
        return Histories.of_one(
            places[known].astype(np.int32),
            history.stars[known],
            history.rated_at[known],
            n_movies=len(movie_ids),
        )
