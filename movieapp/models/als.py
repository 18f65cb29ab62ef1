"""ALS: matrix factorization for implicit feedback, each like a confident one."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from movieapp.models.base import Model, Scores
from movieapp.preparation.interactions import Histories, Interactions


@dataclass
class ALS(Model):
    """Weighted least squares over likes (Hu, Koren and Volinsky, 2008, section 4).

    A like has confidence `alpha`, everything else confidence 1. People are always folded in against the
    final item factors (equation 4), so that a stored embedding, a fresh one and the contributions agree.
    """

    name: ClassVar[str] = "als"
    factors: int = 16
    alpha: float = 5.0
    regularization: float = 1.0
    iterations: int = 15
    seed: int = 7

    def fit(self, interactions: Interactions) -> Self:
        """Set `items_` (movies x factors) and `gram_` (factors x factors), float32."""
        # implicit has threads of its own; BLAS threads beside them slow both down.
        with threadpool_limits(1, user_api="blas"):
            solver = AlternatingLeastSquares(
                factors=self.factors,
                alpha=self.alpha,
                regularization=self.regularization,
                iterations=self.iterations,
                random_state=self.seed,
                dtype=np.float32,
            )
            solver.fit(interactions.likes, show_progress=False)
        self.items_ = np.ascontiguousarray(solver.item_factors, dtype=np.float32)
        base = self.items_.T @ self.items_ + self.regularization * np.eye(self.factors, dtype=np.float32)
        self.gram_ = base.astype(np.float32)
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return dot products of the folded-in people with all films; -inf for somebody without a like."""
        scores = self.embed(histories) @ self.items_.T
        scores[histories.likes.getnnz(axis=1) == 0] = -np.inf
        return scores

    def embed(self, histories: Histories) -> NDArray[np.float32]:
        """Fold people in: (people x factors) float32; zeros for somebody without a like."""
        likes = histories.likes
        people = np.zeros((len(histories), self.factors), np.float32)
        for row, (start, stop) in enumerate(zip(likes.indptr[:-1], likes.indptr[1:], strict=True)):
            if stop > start:
                liked = self.items_[likes.indices[start:stop]]
                people[row] = np.linalg.solve(self._normal(liked), self.alpha * liked.sum(axis=0))
        return people

    def contributions(self, history: Histories, columns: NDArray[np.integer]) -> Scores:
        """Split each score over the likes behind it (Hu, Koren and Volinsky, 2008, section 5)."""
        liked = np.isin(history.stars.indices, history.likes.indices)
        theirs = self.items_[history.stars.indices] * liked[:, None]
        weighted = np.linalg.solve(self._normal(theirs), self.items_[columns].T)
        return np.ascontiguousarray(self.alpha * (theirs @ weighted).T)

    @property
    def item_embeddings(self) -> NDArray[np.float32]:
        """The item factors."""
        return self.items_

    def _normal(self, liked: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return Y'CY + regularization for somebody who likes these films."""
        return self.gram_ + (self.alpha - 1.0) * (liked.T @ liked)
