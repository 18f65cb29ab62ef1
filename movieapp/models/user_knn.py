"""User-KNN: what the people with the most similar likes like."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array, vstack

from movieapp.models.base import Model, Scores
from movieapp.preparation.interactions import Histories, Interactions

# Similarities worked out at once, (people x users) of them: bounds the memory.
MOST_SIMILARITIES = 2**24


@dataclass
class UserKNN(Model):
    """The score of a film is the sum of the similarities of those neighbours who like it.

    Cosine of likes, the `neighbours` nearest people of the fit; all of those that tie for the last place
    count (Herlocker et al., 1999, "An algorithmic framework for performing collaborative filtering").
    """

    name: ClassVar[str] = "user_knn"
    neighbours: int = 100

    def fit(self, interactions: Interactions) -> Self:
        """Set `likes_` (users x movies) and `unit_` (movies x users), each user of length 1; CSR float32."""
        self.likes_ = interactions.likes
        lengths = np.sqrt(np.maximum(self.likes_.getnnz(axis=1), 1))
        self.unit_ = csr_matrix((diags_array(1.0 / lengths) @ self.likes_).T, dtype=np.float32)
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return the sums of similarities; -inf for a film that no neighbour likes."""
        scores: Scores = (self._neighbours(histories) @ self.likes_).toarray()
        scores[scores == 0] = -np.inf
        return scores

    def contributions(self, history: Histories, columns: NDArray[np.integer]) -> Scores:
        """Split the similarity of each neighbour over the likes that make it up."""
        nearest = self._neighbours(history).indices
        length = np.sqrt(max(history.liked.sum(), 1))
        shared = self.unit_[history.columns][:, nearest].toarray() * (history.liked / length)[:, None]
        parts = self.likes_[nearest][:, columns].T @ shared.T
        return np.ascontiguousarray(parts, np.float32)

    def _neighbours(self, histories: Histories) -> csr_matrix:
        """Return the similarities to the nearest people only, (people x users) CSR float32."""
        likes = histories.likes
        step = max(MOST_SIMILARITIES // self.likes_.shape[0], 1)
        starts = range(0, max(len(histories), 1), step)
        return vstack([self._nearest(likes[start : start + step]) for start in starts], format="csr")

    def _nearest(self, likes: csr_matrix) -> csr_matrix:
        lengths = np.sqrt(np.maximum(likes.getnnz(axis=1), 1)).astype(np.float32)
        similar = (likes @ self.unit_).toarray() / lengths[:, None]
        if self.neighbours < similar.shape[1]:
            last = np.partition(similar, -self.neighbours, axis=1)[:, -self.neighbours]
            similar[similar < last[:, None]] = 0.0
        return csr_matrix(similar)
