"""Item-KNN: films are alike when the same people like them (cosine of co-occurrence)."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from implicit.nearest_neighbours import all_pairs_knn
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array

from movieapp.models.base import Model, Scores
from movieapp.preparation.interactions import Histories, Interactions


@dataclass
class ItemKNN(Model):
    """The score of a film is the sum of its similarities to the films that the person likes.

    Cosine of the columns of likes, the `neighbours` nearest kept per film (Deshpande and Karypis, 2004,
    "Item-based top-N recommendation algorithms", section 4.2).
    """

    name: ClassVar[str] = "item_knn"
    neighbours: int = 50

    def fit(self, interactions: Interactions) -> Self:
        """Set `similarity_` (movies x movies) CSR float32, row = liked film, column = its neighbour."""
        likes = interactions.likes.astype(np.float64)
        lengths = np.sqrt(np.asarray(likes.sum(axis=0)).ravel())
        unit = (likes @ diags_array(1.0 / np.maximum(lengths, 1.0))).tocsr()
        # One more than wanted, because the nearest neighbour of a film is the film itself.
        nearest = all_pairs_knn(unit, self.neighbours + 1, show_progress=False).tocsr()
        nearest.setdiag(0)
        nearest.eliminate_zeros()
        nearest.sort_indices()
        self.similarity_ = csr_matrix(nearest, dtype=np.float32)
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return the sums of similarities to what each person likes; -inf for no neighbour of any of it."""
        scores: Scores = (histories.likes @ self.similarity_).toarray()
        scores[scores == 0] = -np.inf
        return scores

    def contributions(self, history: Histories, columns: NDArray[np.integer]) -> Scores:
        """Return the similarity of each liked film to each column; 0 for what is seen but not liked."""
        similar: Scores = self.similarity_[history.columns][:, columns].toarray().T
        return np.ascontiguousarray(similar * history.liked)
