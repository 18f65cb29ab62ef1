"""Liked next: what people like soon after, or at the same moment as, what somebody liked of late."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array

from movieapp.models.base import Model, Scores
from movieapp.preparation.interactions import Histories, Interactions


@dataclass
class LikedNext(Model):
    """A Markov chain with a memory: transitions from each like to the next ones, summed over recent likes.

    Likes with one timestamp are one moment: MovieLens stores whole pages of ratings with the same second,
    and any order within them would be made up. A like at most `window` moments after another is a transition
    of weight `decay` to the power of the distance; within a moment, both ways count. A film's transitions
    are divided by their sum plus `shrinkage`. In a history a like weighs half after `half_life` later ones.
    """

    name: ClassVar[str] = "liked_next"
    window: int = 10
    decay: float = 0.8
    shrinkage: float = 10.0
    half_life: float = 50.0

    def fit(self, interactions: Interactions) -> Self:
        """Set `transitions_` (movies x movies) CSR float32, from row to column."""
        rows, columns, moments = _in_order(interactions.histories)
        n_moments = int(moments[-1]) + 1 if len(moments) else 0
        people = np.zeros(n_moments, np.int64)
        people[moments] = rows
        liked = csr_matrix((np.ones(len(moments)), (moments, columns)), (n_moments, interactions.shape[1]))
        pairs = (self._memory(people) @ liked).T @ liked
        pairs -= diags_array(pairs.diagonal())
        leaving = np.asarray(pairs.sum(axis=1)).ravel() + self.shrinkage
        self.transitions_ = csr_matrix(diags_array(1.0 / leaving) @ pairs, dtype=np.float32)
        self.transitions_.eliminate_zeros()
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return the sums of transitions from each like; -inf for a film that none leads to."""
        scores: Scores = (self._recent(histories) @ self.transitions_).toarray()
        scores[scores == 0] = -np.inf
        return scores

    def contributions(self, history: Histories, columns: NDArray[np.integer]) -> Scores:
        """Return the transition from each like to each column, weighed by how recent the like is."""
        weights = self._recent(history)[:, history.columns].toarray()[0]
        parts: Scores = self.transitions_[history.columns][:, columns].toarray().T * weights
        return np.ascontiguousarray(parts)

    def _memory(self, people: NDArray[np.int64]) -> csr_matrix:
        """Return the weight of each earlier moment (column) at each moment (row), within one person."""
        memory = csr_matrix((len(people), len(people)))
        for distance in range(min(self.window, len(people) - 1) + 1):
            later = np.arange(distance, len(people))
            same = (people[later] == people[later - distance]) * self.decay**distance
            memory = memory + csr_matrix((same, (later, later - distance)), shape=memory.shape)
        return memory

    def _recent(self, histories: Histories) -> csr_matrix:
        """Return the weight of each like, (people x movies) float32."""
        rows, columns, moments = _in_order(histories)
        # How many likes of the same person came in later moments.
        later = np.searchsorted(rows, rows, "right") - np.searchsorted(moments, moments, "right")
        weights = (0.5 ** (later / self.half_life)).astype(np.float32)
        return csr_matrix((weights, (rows, columns)), shape=(len(histories), histories.n_movies))


def _in_order(histories: Histories) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Return row, column and number of the moment of every like, by person and time."""
    liked = histories.liked
    rows, columns, instants = histories.rows[liked], histories.columns[liked], histories.rated_at[liked]
    order = np.lexsort((instants, rows))
    rows, columns, instants = rows[order], columns[order], instants[order]
    starts = (np.diff(rows, prepend=-1) != 0) | (np.diff(instants, prepend=-1) != 0)
    return rows, columns, np.cumsum(starts) - 1
