"""Histories in the order of time: how recent each rating is, and in which sitting it was given."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from movieapp.models.hybrid.settled import TINY
from movieapp.preparation.interactions import Histories

DAY_S = 86_400.0
# A pause of so many seconds begins another session.
SESSION_GAP_S = 6 * 3600
# Time stands still where nobody rates anything for longer: one rating today must not make everything that was
# liked at the end of a release of long ago look forgotten.
LONGEST_PAUSE_S = 7 * 86_400


@dataclass(frozen=True, eq=False)
class Timeline:
    """Per rating, in the order of the histories: its place from the person's newest (0), its session from
    the last (0) and from the first (0); and `order`, which sorts ratings by person and time."""

    order: NDArray[np.int64]
    place: NDArray[np.int64]
    from_last: NDArray[np.int64]
    session: NDArray[np.int64]

    @classmethod
    def of(cls, histories: Histories) -> "Timeline":
        """Order the ratings of some people; equal instants go by movie."""
        rows = histories.rows
        order = np.lexsort((histories.columns, histories.rated_at, rows))
        lengths = np.diff(histories.indptr)
        place = np.repeat(histories.indptr[1:], lengths) - 1 - np.arange(len(rows))
        instants = histories.rated_at[order]
        starts = np.zeros(len(rows), np.int64)
        starts[1:] = (np.diff(instants) > SESSION_GAP_S) & (rows[1:] == rows[:-1])
        total = np.cumsum(starts)
        filled = np.flatnonzero(lengths)
        first, last = np.zeros(len(histories), np.int64), np.zeros(len(histories), np.int64)
        first[filled] = total[histories.indptr[filled]]
        last[filled] = total[histories.indptr[filled + 1] - 1]
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return cls(order, place[back], (last[rows] - total)[back], (total - first[rows])[back])


@dataclass(frozen=True, eq=False)
class Clock:
    """Time without the pauses in which nobody rated anything, but for a week of each.

    `pauses` (2 x n) int64 has the instants at which one ended, and the seconds left out by then; nothing is
    known of pauses after `until`.
    """

    pauses: NDArray[np.int64]
    until: int

    @classmethod
    def of(cls, rated_at: NDArray[np.int64]) -> "Clock":
        """Find the pauses between these instants."""
        instants = np.sort(rated_at)
        lost = np.maximum(np.diff(instants) - LONGEST_PAUSE_S, 0)
        places = np.flatnonzero(lost)
        pauses = np.stack([instants[places + 1], np.cumsum(lost[places])]).astype(np.int64)
        return cls(pauses, int(instants[-1]) if len(instants) else 0)

    def __call__(self, instants: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return instants by this clock; their order stays, and within a pause it comes to stand still."""
        ends, lost = self.pauses
        n_over = np.searchsorted(ends, instants, side="right")
        next_end = np.append(ends - lost, np.iinfo(np.int64).max)[n_over]
        found: NDArray[np.int64] = np.minimum(instants - np.append(0, lost)[n_over], next_end)
        return found

    def histories(self, histories: Histories) -> Histories:
        """Return histories by this clock; who comes back after `until` had a pause of their own."""
        lived, late = self(histories.rated_at), histories.rated_at > self.until
        if late.any():
            back = np.full(len(histories), np.iinfo(np.int64).max)
            np.minimum.at(back, histories.rows[late], histories.rated_at[late])
            lost = np.maximum(back - self.until - LONGEST_PAUSE_S, 0)
            lived[late] -= lost[histories.rows[late]]
        return replace(histories, rated_at=lived)


def weighed(histories: Histories, weights: NDArray[np.floating]) -> csr_matrix:
    """Return (people x movies) float32 with these weights on the ratings; zeros are left out.

    So is what has faded to nothing but noise: products with such weights are denormal numbers, which take a
    processor many times as long as others.
    """
    kept = np.abs(weights) > TINY
    counts = np.concatenate([[0], np.cumsum(kept)])
    parts = (weights[kept].astype(np.float32), histories.columns[kept], counts[histories.indptr])
    return csr_matrix(parts, shape=(len(histories), histories.n_movies))


def newest(histories: Histories, *, otherwise: int) -> NDArray[np.int64]:
    """Return (people,) the instant of the newest rating; `otherwise` for somebody without one."""
    return _reduced(np.maximum, histories, otherwise)


def oldest(histories: Histories, *, otherwise: int) -> NDArray[np.int64]:
    """Return (people,) the instant of the oldest rating; `otherwise` for somebody without one."""
    return _reduced(np.minimum, histories, otherwise)


def _reduced(reduce: np.ufunc, histories: Histories, otherwise: int) -> NDArray[np.int64]:
    found = np.full(len(histories), otherwise, np.int64)
    filled = np.diff(histories.indptr) > 0
    if filled.any():
        found[filled] = reduce.reduceat(histories.rated_at, histories.indptr[:-1][filled])
    return found
