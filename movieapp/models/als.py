"""ALS: matrix factorization for implicit feedback, each like a confident one."""

import itertools
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from numpy.typing import NDArray

from movieapp.models.base import Explained, Model, Scores
from movieapp.models.threads import one_blas_thread
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
        with one_blas_thread():
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
        people = self.embed(histories)
        scores = people @ self.items_.T
        scores[~people.any(axis=1)] = -np.inf
        return scores

    def embed(self, histories: Histories) -> NDArray[np.float32]:
        """Fold people in: (people x factors) float32; zeros for somebody without a like."""
        people = np.zeros((len(histories), self.factors), np.float32)
        for row, (start, stop) in enumerate(itertools.pairwise(histories.indptr.tolist())):
            columns = histories.columns[start:stop][histories.liked[start:stop]]
            if len(columns):
                liked = self.items_[columns]
                people[row] = np.linalg.solve(self._normal(liked), self.alpha * liked.sum(axis=0))
        return people

    def contributions(self, history: Histories, columns: NDArray[np.integer]) -> Scores:
        """Split each score over the likes behind it (Hu, Koren and Volinsky, 2008, section 5)."""
        return self.items_[columns] @ self._parts_of_person(history)

    def explained(self, history: Histories) -> Explained:
        """Solve once for both: a person's embedding is the sum of what each like adds to it."""
        parts = self._parts_of_person(history)
        scores = self.items_ @ parts.sum(axis=1)
        if not history.liked.any():
            scores.fill(-np.inf)
        return Explained(scores, lambda columns: self.items_[columns] @ parts)

    def _parts_of_person(self, history: Histories) -> NDArray[np.float32]:
        """Return what each rating adds to the person's embedding, (factors x ratings)."""
        theirs = self.items_[history.columns]
        theirs[~history.liked] = 0
        # People have far more ratings than there are factors: one inverse is cheaper than solving for each.
        inverse = np.linalg.inv(self._normal(theirs))
        return np.asarray((self.alpha * inverse) @ theirs.T, np.float32)

    def _normal(self, liked: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return Y'CY + regularization for somebody who likes these films."""
        return self.gram_ + (self.alpha - 1.0) * (liked.T @ liked)
