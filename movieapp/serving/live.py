"""The live version: a bundle tied to the catalogue, and how somebody's scores come out of it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

import numpy as np
from cachetools import LRUCache, cachedmethod
from numpy.typing import NDArray

from movieapp.errors import Conflict
from movieapp.models.bundle import Bundle
from movieapp.models.heads import Explained, Head, fingerprints
from movieapp.models.rerank import Reranker
from movieapp.models.stars import Person
from movieapp.preparation.interactions import Histories
from movieapp.serving.catalogue import Catalogue
from movieapp.serving.lists import Expected
from movieapp.serving.profiles import History

# Whoever filters, moves a slider or asks why wants the scores of a moment ago: 0.3 MB a person.
KEPT_SCORES = 64
_beside = ThreadPoolExecutor(2, thread_name_prefix="stars")


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
    """Somebody's scores by the live model, the history as the model sees it, and what the model of stars, if
    there is one, makes of it."""

    explained: Explained
    history: Histories
    person: Person | None


def _of_person(_live: "Live", user_id: int, seen: Histories) -> tuple[int, int]:
    return user_id, int(fingerprints(seen)[0])


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
    reranker: Reranker
    _kept: LRUCache[tuple[int, int], Scored] = field(default_factory=lambda: LRUCache(KEPT_SCORES))
    _lock: threading.Lock = field(default_factory=threading.Lock)

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
        years = catalogue.years[rows].astype(np.float32)
        years[years == 0] = np.nan
        reranker = Reranker(bundle.neighbours.vectors, bundle.popularity, years)
        return cls(about, bundle, rows, columns, known, reranker)

    def kept_head(self, user_id: int, history: History) -> Head | None:
        """Return somebody's first unseen films; None if the history has changed since the training."""
        row = self._user_row(user_id)
        if row is None or row >= len(self.bundle.heads):
            return None
        mark = fingerprints(self.histories(user_id, history))[0]
        return self.bundle.heads.head(row) if mark == self.bundle.heads.fingerprints[row] else None

    def score(self, user_id: int, history: History) -> Scored | None:
        """Return the person's scores, or None when nothing that the model knows is liked.

        They rest on this very history, folded in: nothing shown is ever stale.
        """
        seen = self.histories(user_id, history)
        return self._scored(user_id, seen) if seen.liked.any() else None

    def has_scored(self, user_id: int, history: History) -> bool:
        """Return whether `score` would answer at once."""
        seen = self.histories(user_id, history)
        with self._lock:
            return not seen.liked.any() or _of_person(self, user_id, seen) in self._kept

    def remember(self, user_id: int, history: History) -> None:
        """Let somebody's scores, if they are at hand, be the last that is forgotten."""
        with self._lock:
            self._kept.get(_of_person(self, user_id, self.histories(user_id, history)))

    @cachedmethod(attrgetter("_kept"), key=_of_person, lock=attrgetter("_lock"))
    def _scored(self, user_id: int, seen: Histories) -> Scored:
        # Who waits for a list waits for its stars as well, and to fold somebody in takes milliseconds.
        coming = None if self.bundle.stars is None else _beside.submit(self.bundle.stars.folded, seen)
        explained = self.bundle.model.explained(seen)
        scores = np.where(self.known, explained.scores, np.float32(-np.inf))
        return Scored(replace(explained, scores=scores), seen, None if coming is None else coming.result())

    def head(self, scored: Scored, columns: NDArray[np.integer]) -> Head:
        """Return these columns of somebody's list and what put them there."""
        n_grounds = len(self.bundle.model.ground_names)
        head = Head.of(scored.explained, scored.history, columns, n_grounds=n_grounds)
        if self.bundle.stars is None or scored.person is None or len(columns) == 0:
            return head
        stars, spreads = self.bundle.stars.predict_folded(scored.person, scored.history, columns)
        return replace(head, stars=stars, spreads=spreads)

    def expected(self, user_id: int, history: History, rows: NDArray[np.integer]) -> list[Expected | None]:
        """Return the stars that somebody will give the films at these catalogue rows; None where unknown."""
        found: list[Expected | None] = [None] * len(rows)
        columns = self.columns[rows]
        known = np.flatnonzero(columns >= 0)
        if self.bundle.stars is None or len(known) == 0:
            return found
        seen = self.histories(user_id, history)
        with self._lock:
            scored = self._kept.get(_of_person(self, user_id, seen))
        person = (scored and scored.person) or self.bundle.stars.folded(seen)
        predicted = self.bundle.stars.predict_folded(person, seen, columns[known])
        for place, *expected in zip(known.tolist(), *(part.tolist() for part in predicted), strict=True):
            found[place] = Expected(*expected)
        return found

    def _user_row(self, user_id: int) -> int | None:
        row = int(np.searchsorted(self.bundle.user_ids, user_id))
        is_there = row < len(self.bundle.user_ids) and self.bundle.user_ids[row] == user_id
        return row if is_there else None

    def histories(self, user_id: int, history: History) -> Histories:
        """Return the part of a history that the model knows."""
        movie_ids = self.bundle.movie_ids
        row = self._user_row(user_id)
        places = np.minimum(np.searchsorted(movie_ids, history.movie_ids), len(movie_ids) - 1)
        known = movie_ids[places] == history.movie_ids
        return Histories.of_one(
            places[known].astype(np.int32),
            history.stars[known],
            history.rated_at[known].astype(np.int64),
            n_movies=len(movie_ids),
            demographics=None if row is None else self.bundle.demographics[row : row + 1],
        )
