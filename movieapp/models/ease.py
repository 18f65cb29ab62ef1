"""EASE: each film predicted from all others by one linear regression, solved in closed form."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import inv
from scipy.sparse import csr_matrix

from movieapp.models.base import Model, Scores
from movieapp.preparation.interactions import Histories, Interactions

# A matrix of this size is inverted in one call, in some tens of milliseconds.
BLOCK = 1_024


@dataclass
class EASE(Model):
    """Ridge regression without self-similarity (Steck, 2019, "Embarrassingly shallow autoencoders", eq. 8).

    `on` says what counts as 1: likes, or everything rated, which predicts what people come to rate at all.
    Films beyond the `most_movies` most rated have no score: the inverse takes 8 bytes per pair of films.
    """

    name: ClassVar[str] = "ease"
    regularization: float = 500.0
    on: Literal["likes", "seen"] = "likes"
    most_movies: int = 10_000

    def fit(self, interactions: Interactions) -> Self:
        """Set `columns_` (kept,) int32 and `weights_` (kept x kept) float32, row = what is in the history."""
        rated = np.bincount(interactions.columns, minlength=interactions.shape[1])
        self.columns_ = np.sort(np.argsort(-rated, kind="stable")[: self.most_movies]).astype(np.int32)
        counted = self._counted(interactions.histories)
        gram = (counted.T @ counted).toarray().astype(np.float64)
        self.weights_ = item_weights(gram, self.regularization)
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return the regressions on each history; -inf for a film that nothing in the history bears on."""
        found: Scores = self._counted(histories) @ self.weights_
        found[found == 0] = -np.inf
        if len(self.columns_) == histories.n_movies:
            return found
        scores = np.full((len(histories), histories.n_movies), -np.inf, np.float32)
        scores[:, self.columns_] = found
        return scores

    def contributions(self, history: Histories, columns: NDArray[np.integer]) -> Scores:
        """Return the weight from each rating that counts to each column."""
        place = np.full(history.n_movies, -1)
        place[self.columns_] = np.arange(len(self.columns_))
        given, wanted = place[history.columns], place[columns]
        counts = (given >= 0) & (history.liked | (self.on == "seen"))
        parts = self.weights_[given][:, wanted].T * counts
        parts[wanted < 0] = 0.0
        return np.ascontiguousarray(parts)

    def _counted(self, histories: Histories) -> csr_matrix:
        """Return what counts, (people x kept) float32, each 1."""
        counted = histories.likes if self.on == "likes" else _seen(histories)
        return counted if len(self.columns_) == histories.n_movies else counted[:, self.columns_]


def item_weights(gram: NDArray[np.floating], regularization: float) -> NDArray[np.float32]:
    """Return (movies x movies) float32 weights from X'X, which is written to, in the precision of `gram`."""
    gram[np.diag_indices_from(gram)] += regularization
    inverse = _inverse(gram)
    inverse /= -np.diag(inverse)
    np.fill_diagonal(inverse, 0.0)
    return np.ascontiguousarray(inverse, np.float32)


def _inverse(matrix: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the inverse of a symmetric positive definite matrix, half by half (Boyd and Vandenberghe, 2004,
    "Convex Optimization", section C.4.3).

    LAPACK holds Python's lock for the whole of a large one, seconds in which nobody is served; products let
    it go, and take no longer.
    """
    half = len(matrix) // 2
    if len(matrix) <= BLOCK:
        inverse: NDArray[np.floating] = inv(matrix, check_finite=False, assume_a="pos")
        return inverse
    first, across, second = matrix[:half, :half], matrix[:half, half:], matrix[half:, half:]
    of_first = _inverse(first)
    through = of_first @ across
    of_second = _inverse(second - across.T @ through)
    both = through @ of_second
    inverse = np.empty_like(matrix)
    inverse[:half, :half] = of_first + both @ through.T
    inverse[:half, half:] = -both
    inverse[half:, :half] = -both.T
    inverse[half:, half:] = of_second
    return inverse


def _seen(histories: Histories) -> csr_matrix:
    ones = np.ones(len(histories.columns), np.float32)
    shape = (len(histories), histories.n_movies)
    return csr_matrix((ones, histories.columns, histories.indptr), shape=shape)
