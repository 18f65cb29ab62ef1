"""Gibbs sampling of stars as products of people and films, with side features behind both.

The model is Bayesian matrix factorization (Salakhutdinov and Mnih, 2008) with features in the priors
(Simm et al., 2017, "Macau"). What somebody rated and who rated a film are features too, which makes it the
Bayesian SVD++ of Rendle et al. (2019). Each person and each film has a noise of its own.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

# A Wishart prior with little weight: vectors start out small.
PRIOR_SCALE = 0.1
# At the start vectors are large, and for some sweeps stay free to be: from near 0 a prior that learns from
# them would hold them there.
FIRST_SCALE, FREE_SWEEPS = 0.3, 5
# Below this many features or things the whole decomposition is cheaper than a part of it.
SMALL = 400
# Ratings whose vectors are gathered at once, so that they stay in the cache.
CHUNK = 16_384


@dataclass(frozen=True)
class Features:
    """Side features (things x features) by their thin SVD: about `coordinates` @ `directions`.T.

    `coordinates` is (things x k), `directions` (features x k) orthonormal, `scales` (k,) the singular values.
    """

    coordinates: Singles
    directions: Singles
    scales: Floats

    @classmethod
    def of(cls, features: csr_matrix, components: int) -> Self:
        """Decompose features, keeping at most `components` directions."""
        if min(features.shape) <= max(SMALL, components + 1):
            left, scales, right = np.linalg.svd(features.toarray().astype(np.float64), full_matrices=False)
        else:
            start = np.ones(min(features.shape))
            left, scales, right = svds(features.astype(np.float64), k=components, v0=start)
            left, scales, right = left[:, ::-1], scales[::-1], right[::-1]
        n_kept = min(components, int((scales > 1e-6 * scales.max(initial=0.0)).sum()))
        left, scales, right = left[:, :n_kept], scales[:n_kept], right[:n_kept]
        return cls((left * scales).astype(np.float32), right.T.astype(np.float32), scales)


class Draw(NamedTuple):
    """One sample of everything but people's vectors; d is the rank and one more for the bias.

    `films` (movies x d), `noise` (movies,) the precision of a film's ratings, `mean` (d,) and `precision`
    (d x d) of people's vectors, `weights` (k x d) of each of their features.
    """

    films: Floats
    noise: Floats
    mean: Floats
    precision: Floats
    weights: tuple[Floats, ...]


class Side:
    """The vectors of people or of films, (n x d) with the bias first, and what is believed of them.

    vectors ~ N(mean + features @ weights, inverse of `precision`); the weights of each kind of feature have a
    ridge of their own.
    """

    def __init__(self, n: int, d: int, features: list[Features], rng: np.random.Generator) -> None:
        self.rng = rng
        self.features = features
        self.vectors = rng.normal(size=(n, d)) * FIRST_SCALE
        self.vectors[:, 0] = 0.0
        self.mean = np.zeros(d)
        self.precision = np.eye(d)
        self.weights = tuple(np.zeros((len(one.scales), d)) for one in features)
        self.ridges = [5.0] * len(features)
        self._explained = [np.zeros((n, d)) for _ in features]

    @property
    def expected(self) -> Floats:
        """The prior mean of each vector, (n x d)."""
        expected: Floats = sum(self._explained, start=np.broadcast_to(self.mean, self.vectors.shape))
        return expected

    def draw_beliefs(self) -> None:
        """Sample weights, ridges, mean and precision, given the vectors."""
        spread = np.linalg.cholesky(np.linalg.inv(self.precision))
        weights = list(self.weights)
        for place, kind in enumerate(self.features):
            rest = self.vectors - self.expected + self._explained[place]
            weights[place] = self._weights(kind, self.ridges[place], rest, spread)
            self._explained[place] = (kind.coordinates @ weights[place].astype(np.float32)).astype(np.float64)
            size = np.einsum("kd,de,ke->", weights[place], self.precision, weights[place])
            self.ridges[place] = self.rng.gamma((1 + weights[place].size) / 2, 2 / (1 + size))
        self.weights = tuple(weights)
        n, d = self.vectors.shape
        rest = self.vectors - self.expected + self.mean
        self.mean = rest.sum(axis=0) / (n + 1) + spread @ self.rng.normal(size=d) / np.sqrt(n + 1)
        self.precision = self._precision(rest - self.mean)

    def draw_vectors(self, grams: Floats, right: Floats) -> None:
        """Sample every vector, given X'WX (n x d x d) and X'Wy (n x d) of its ratings."""
        precisions = grams + self.precision
        # P^-1 (b + Lz) with P = LL' has mean P^-1 b and covariance P^-1.
        roots = np.linalg.cholesky(precisions)
        noise = np.einsum("nij,nj->ni", roots, self.rng.normal(size=right.shape))
        right = right + self.expected @ self.precision + noise
        self.vectors = np.asarray(np.linalg.solve(precisions, right[:, :, None])[:, :, 0])

    def _weights(self, kind: Features, ridge: float, rest: Floats, spread: Floats) -> Floats:
        """Sample ridge regression weights; in these directions the features' gram matrix is diagonal."""
        precision = (kind.scales**2 + ridge)[:, None]
        fitted = (kind.coordinates.T @ rest.astype(np.float32)) / precision
        noise = self.rng.normal(size=fitted.shape) @ spread.T
        weights: Floats = fitted + noise / np.sqrt(precision)
        return weights

    def _precision(self, rest: Floats) -> Floats:
        """Sample from the Wishart posterior by Bartlett's decomposition."""
        n, d = rest.shape
        scatter = rest.T @ rest + np.outer(self.mean, self.mean) + PRIOR_SCALE * np.eye(d)
        for weights, ridge in zip(self.weights, self.ridges, strict=True):
            scatter += ridge * weights.T @ weights
        degrees = n + d + 1 + sum(len(weights) for weights in self.weights)
        triangle = np.tril(self.rng.normal(size=(d, d)), -1)
        triangle[np.diag_indices(d)] = np.sqrt(self.rng.chisquare(degrees - np.arange(d)))
        root = np.linalg.cholesky(np.linalg.inv(scatter)) @ triangle
        return np.asarray(root @ root.T)


@dataclass(frozen=True)
class Pattern:
    """Who rated what, row by row of one side; `order` brings one entry per rating into that order."""

    indptr: NDArray[np.int64]
    others: NDArray[np.int32]
    order: NDArray[np.int64]
    n_others: int

    @classmethod
    def of(cls, rows: NDArray[np.int32], others: NDArray[np.int32], n: int, n_others: int) -> Self:
        order = np.lexsort((others, rows))
        indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))])
        return cls(indptr, others[order], order, n_others)

    def normal_equations(self, design: Floats, weights: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Return X'WX (n x d x d) and X'Wy (n x d) of each row's ratings, the others' vectors being X."""
        n, d = len(self.indptr) - 1, design.shape[1]
        first, second = np.triu_indices(d)
        single = design.astype(np.float32)
        halves = self._matrix(weights) @ (single[:, first] * single[:, second])
        grams = np.empty((n, d, d))
        grams[:, first, second] = grams[:, second, first] = halves
        return grams, (self._matrix(weights * values) @ single).astype(np.float64)

    def _matrix(self, values: Floats) -> csr_matrix:
        parts = (values[self.order].astype(np.float32), self.others, self.indptr)
        return csr_matrix(parts, shape=(len(self.indptr) - 1, self.n_others))


@dataclass(frozen=True)
class Ratings:
    """What is to be explained, quickest if sorted by row: `stars` are (ratings,) float64 less their mean."""

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    stars: Floats
    shape: tuple[int, int]


def draws(
    ratings: Ratings,
    features: tuple[list[Features], list[Features]],
    *,
    rank: int,
    noise_prior: float,
    rng: np.random.Generator,
) -> Iterator[Draw]:
    """Give one sample after the other, without end.

    `features` are those of people and of films; `noise_prior` counts the ratings that a usual noise is worth.
    """
    n_people, n_films = ratings.shape
    people, films = (Side(n, rank + 1, kinds, rng) for n, kinds in zip(ratings.shape, features, strict=True))
    by_person = Pattern.of(ratings.rows, ratings.columns, n_people, n_films)
    by_film = Pattern.of(ratings.columns, ratings.rows, n_films, n_people)
    overall = 1.0 / max(float(ratings.stars.var()), 1e-3)
    of_person, of_film = np.ones(n_people), np.ones(n_films)
    for sweep in itertools.count():
        weights = overall * of_person[ratings.rows] * of_film[ratings.columns]
        for side, other, pattern, places in (
            (people, films, by_person, ratings.columns),
            (films, people, by_film, ratings.rows),
        ):
            if sweep >= FREE_SWEEPS:
                side.draw_beliefs()
            left = ratings.stars - other.vectors[places, 0]
            side.draw_vectors(*pattern.normal_equations(_design(other), weights, left))
        squares = _errors(ratings, people, films) ** 2
        scaled = squares * of_person[ratings.rows] * of_film[ratings.columns]
        overall = rng.gamma((1 + len(squares)) / 2, 2 / (1 + scaled.sum()))
        squares *= overall
        of_person = _noise(ratings.rows, squares * of_film[ratings.columns], n_people, noise_prior, rng)
        of_film = _noise(ratings.columns, squares * of_person[ratings.rows], n_films, noise_prior, rng)
        yield Draw(films.vectors, overall * of_film, people.mean, people.precision, people.weights)


def _design(side: Side) -> Floats:
    """Return the side's vectors with 1, the factor of the other side's bias, in place of their own."""
    design = side.vectors.copy()
    design[:, 0] = 1.0
    return design


def _errors(ratings: Ratings, people: Side, films: Side) -> Floats:
    """Return stars less what the vectors say, (ratings,)."""
    errors: Floats = ratings.stars - people.vectors[ratings.rows, 0] - films.vectors[ratings.columns, 0]
    theirs, its = (side.vectors[:, 1:].astype(np.float32) for side in (people, films))
    for start in range(0, len(errors), CHUNK):
        part = slice(start, start + CHUNK)
        errors[part] -= np.einsum("nd,nd->n", theirs[ratings.rows[part]], its[ratings.columns[part]])
    return errors


def _noise(
    places: NDArray[np.int32], squares: Floats, n: int, prior: float, rng: np.random.Generator
) -> Floats:
    """Sample a factor of the precision per person or film from its Gamma posterior, (n,)."""
    counts = np.bincount(places, minlength=n)
    sums = np.bincount(places, weights=squares, minlength=n)
    return np.asarray(rng.gamma((prior + counts) / 2, 2 / (prior + sums)))
