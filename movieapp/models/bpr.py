"""BPR: matrix factorization that learns to put a liked film above another one."""

import itertools
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from implicit.cpu.bpr import BayesianPersonalizedRanking
from numpy.typing import NDArray

from movieapp.models.base import Model, Scores
from movieapp.preparation.interactions import Histories, Interactions


@dataclass
class BPR(Model):
    """Stochastic gradient descent on pairs of a like and another film (Rendle et al., 2009), films by likes.

    The loss has no closed form for a new person. People are folded in by one Newton step from zero on their
    own part of it, against the final item factors and with biases left aside. More steps, or a regression on
    the people that the descent learned, found less of what validation holds (Recall@20).
    """

    name: ClassVar[str] = "bpr"
    factors: int = 32
    learning_rate: float = 0.02
    regularization: float = 0.01
    iterations: int = 25
    seed: int = 7

    def fit(self, interactions: Interactions) -> Self:
        """Set `items_` (movies x factors) and `biases_` (movies,), float32.

        And of the factors of a film drawn by likes `mean_` (factors,) and `covariance_` (factors x factors).
        """
        likes = interactions.likes
        solver = BayesianPersonalizedRanking(
            factors=self.factors,
            learning_rate=self.learning_rate,
            regularization=self.regularization,
            iterations=self.iterations,
            random_state=self.seed,
            num_threads=1,  # Several threads would write over one another's updates, never twice alike.
        )
        solver.fit(likes, show_progress=False)
        # The last column is the bias; a film without a like was never drawn and has zeros alone.
        self.items_ = np.ascontiguousarray(solver.item_factors[:, :-1], dtype=np.float32)
        self.biases_ = np.array(solver.item_factors[:, -1], np.float32)
        drawn = likes.getnnz(axis=0) / max(likes.nnz, 1)
        self.mean_ = np.asarray(drawn @ self.items_, np.float32)
        away = self.items_ - self.mean_
        self.covariance_ = np.asarray((away.T * drawn) @ away, np.float32)
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return dot products with all films, plus biases; -inf for a person or a film without a like."""
        scores: Scores = self.embed(histories) @ self.items_.T + self.biases_
        scores[histories.likes.getnnz(axis=1) == 0] = -np.inf
        scores[:, self.biases_ == 0] = -np.inf
        return scores

    def embed(self, histories: Histories) -> NDArray[np.float32]:
        """Fold people in: (people x factors) float32; zeros for somebody without a like."""
        people = np.zeros((len(histories), self.factors), np.float32)
        likes = histories.likes
        for row, (start, stop) in enumerate(itertools.pairwise(likes.indptr.tolist())):
            if start < stop:
                away = self.items_[likes.indices[start:stop]] - self.mean_
                people[row] = np.linalg.solve(self._hessian(away), away.mean(axis=0) / 2)
        return people

    def contributions(self, history: Histories, columns: NDArray[np.integer]) -> Scores:
        """Return what each like adds to the person's factors, times each film; biases are shared evenly."""
        parts = np.zeros((len(columns), len(history.columns)), np.float32)
        if history.liked.any():
            away = self.items_[history.columns[history.liked]] - self.mean_
            steps = np.linalg.solve(self._hessian(away), away.T / 2)
            parts[:, history.liked] = (self.items_[columns] @ steps + self.biases_[columns, None]) / len(away)
        return parts

    def _hessian(self, away: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the curvature at zero, where every pair is a toss-up: 1/4 of the spread of differences."""
        spread = self.covariance_ + away.T @ away / len(away)
        return spread / 4 + self.regularization * np.eye(self.factors, dtype=np.float32)
