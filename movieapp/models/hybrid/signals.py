"""Signals: what many simple models say of every film to somebody, fitted together on the same ratings."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import blas
from scipy.sparse import csr_matrix, diags_array, hstack
from scipy.sparse.linalg import svds

from movieapp.models.als import ALS
from movieapp.models.base import Scores, Stored
from movieapp.models.ease import item_weights
from movieapp.models.hybrid.settled import settled_scores
from movieapp.models.hybrid.timeline import DAY_S, Timeline, newest, weighed
from movieapp.models.threads import one_blas_thread
from movieapp.preparation.interactions import Histories, Interactions

# Half-lives, in days, of what alike people did lately.
RECENT_DAYS, VERY_RECENT_DAYS, RETURN_DAYS, RECENT_LIKES_DAYS = 14.0, 4.0, 60.0, 45.0
# What the most similar people like, liked and rated of late, and liked when they came back.
OF_PEOPLE = ("people", "people_recent", "people_recent4", "people_rated_recent", "people_return")
# Every signal: features come in this order.
NAMES = (
    *("ease", "ease_decayed", "ease_session", "ease_last", "ease_rated", "ease_dislikes", "ease_rated_last"),
    *("als16", "als64", "als_rated", "knn", "knn_last", "knn_recent", "next_liked", "next_rated"),
    *OF_PEOPLE,
    "svd",
)
# Of transitions from a film to the next ones, so many are kept.
TRANSITIONS = 300
LIKES_AHEAD = 10
# A sparse product beats a dense one while people's lists are short.
DENSE_FROM = 2e8
_beside = ThreadPoolExecutor(2, thread_name_prefix="signals")


@dataclass
class Signals(Stored):
    """EASE, ALS, item-KNN, transitions, neighbours among people and an SVD of stars, all folding people in.

    The ridge of EASE is `ridge` times the square root of the number of people, so that it fits any release.
    """

    name: ClassVar[str] = "signals"
    ridge: float = 6.5
    neighbours: int = 100
    people: int = 200
    lags: int = 5
    svd_factors: int = 16
    seed: int = 7

    @classmethod
    def parts(cls) -> dict[str, type[Stored]]:
        """The factorizations."""
        return {"als16_": ALS, "als64_": ALS, "als_rated_": ALS}

    def fit(self, interactions: Interactions) -> Self:
        """Learn from the interactions; every fitted attribute is (movies x movies), or CSR."""
        self._forget()
        histories = interactions.histories
        timeline = Timeline.of(histories)
        likes = histories.likes
        rated = weighed(histories, np.ones(len(histories.columns)))
        active = (np.diff(histories.indptr) > 0).sum()
        together = _gram(likes)
        self.knn_ = _nearest(together.copy(), likes, self.neighbours)
        self.ease_likes_ = item_weights(together, self.ridge * np.sqrt(active))
        self.ease_rated_ = item_weights(_gram(rated), self.ridge * np.sqrt(active))
        self._fit_factors(interactions)
        self._fit_transitions(histories, timeline)
        self._fit_people(histories, timeline, likes, now=interactions.until - 1)
        self._fit_stars(interactions)
        return self

    def of(self, histories: Histories) -> dict[str, Scores]:
        """Return (people x movies) float32 by name; 0 where a model says nothing."""
        timeline = Timeline.of(histories)
        # Somebody waits for the scores of one person: half of them are worked out beside the other half.
        # Of many people, two batches are worked out at once already.
        if len(histories) == 1:
            coming = _beside.submit(self._by_weights, histories, timeline)
            found = self._by_likeness(histories, timeline) | coming.result()
        else:
            found = self._by_likeness(histories, timeline) | self._by_weights(histories, timeline)
        return {name: settled_scores(np.asarray(found[name], np.float32)) for name in NAMES}

    def _by_weights(self, histories: Histories, timeline: Timeline) -> dict[str, Scores]:
        """Return (people x movies) by EASE, from what was done and when, and by an SVD of the stars."""
        liked = histories.liked.astype(np.float32)
        ones = np.ones_like(liked)
        place, in_last = timeline.place, timeline.from_last == 0
        age_days = (newest(histories, otherwise=0)[histories.rows] - histories.rated_at) / DAY_S
        fading = weighed(histories, liked * 0.5 ** (age_days / 14))
        disliked = weighed(histories, (histories.stars <= 2) * ones)
        return {
            "ease": weighed(histories, liked) @ self.ease_likes_,
            "ease_decayed": fading @ self.ease_likes_,
            "ease_session": weighed(histories, liked * in_last) @ self.ease_likes_,
            "ease_last": weighed(histories, liked * 0.9**place) @ self.ease_likes_,
            "ease_rated": weighed(histories, ones) @ self.ease_rated_,
            "ease_dislikes": disliked @ self.ease_rated_,
            "ease_rated_last": weighed(histories, 0.9**place * in_last) @ self.ease_rated_,
            "svd": self._svd_scores(histories),
        }

    def _by_likeness(self, histories: Histories, timeline: Timeline) -> dict[str, Scores]:
        """Return (people x movies) by similar films and people, by transitions and by factorizations."""
        liked = histories.liked.astype(np.float32)
        place = timeline.place
        all_likes = weighed(histories, liked)
        people = _side_by_side(self._near(all_likes), self._of_people, len(OF_PEOPLE))
        knn, knn_recent = _side_by_side(all_likes, self._of_likes, 2)
        late_likes = weighed(histories, liked * 0.9**place)
        knn_last, next_liked = _side_by_side(late_likes, self._of_late_likes, 2)
        # What somebody came to rate at all, whether they liked it or not.
        everything = Histories(
            histories.indptr,
            histories.columns,
            np.full_like(liked, 5.0),
            histories.rated_at,
            histories.n_movies,
        )
        return {
            "als16": self.als16_.scores(histories),
            "als64": self.als64_.scores(histories),
            "als_rated": self.als_rated_.scores(everything),
            "knn": knn,
            "knn_last": knn_last,
            "knn_recent": knn_recent,
            "next_liked": next_liked,
            "next_rated": _product(weighed(histories, 0.8**place * (place < 20)), self.next_rated_),
            **dict(zip(OF_PEOPLE, people, strict=True)),
        }

    def _fit_factors(self, interactions: Interactions) -> None:
        settings = {"iterations": 12, "seed": self.seed}
        self.als16_ = ALS(factors=16, alpha=5.0, regularization=1.0, **settings).fit(interactions)
        self.als64_ = ALS(factors=64, alpha=1.0, regularization=10.0, **settings).fit(interactions)
        rated = interactions.with_everything_liked()
        self.als_rated_ = ALS(factors=32, alpha=1.0, regularization=10.0, **settings).fit(rated)

    def _fit_transitions(self, histories: Histories, timeline: Timeline) -> None:
        """What is rated soon after what in one session, and liked within the next likes."""
        n = histories.n_movies
        rows, columns = histories.rows[timeline.order], histories.columns[timeline.order]
        sessions = rows * (timeline.session.max(initial=0) + 1) + timeline.session[timeline.order]
        self.next_rated_ = _transitions(columns, sessions, n, lags=self.lags)
        liked = histories.liked[timeline.order]
        self.next_liked_ = _transitions(columns[liked], rows[liked], n, lags=LIKES_AHEAD)

    def _fit_people(self, histories: Histories, timeline: Timeline, likes: csr_matrix, *, now: int) -> None:
        """Everybody's likes with length 1, and what they did lately, fading with age."""
        age_days = (now - histories.rated_at) / DAY_S
        liked = histories.liked
        lengths = np.sqrt(np.maximum(likes.getnnz(axis=1), 1))
        self.likes_ = csr_matrix(diags_array(1.0 / lengths) @ likes, dtype=np.float32)
        self.recent_ = weighed(histories, liked * 0.5 ** (age_days / RECENT_DAYS))
        self.very_recent_ = weighed(histories, liked * 0.5 ** (age_days / VERY_RECENT_DAYS))
        self.rated_recent_ = weighed(histories, 0.5 ** (age_days / RECENT_DAYS))
        again = liked & (timeline.session > 0)
        self.returning_ = weighed(histories, again * 0.5 ** (age_days / RETURN_DAYS))
        recent_likes = weighed(histories, liked * 0.5 ** (age_days / RECENT_LIKES_DAYS))
        lengths = np.sqrt(np.asarray(recent_likes.multiply(recent_likes).sum(axis=0)).ravel() + 1)
        alike = _gram(recent_likes)
        alike /= lengths[:, None] * lengths[None, :]
        self.knn_recent_ = _largest(alike, self.neighbours)

    def _fit_stars(self, interactions: Interactions) -> None:
        """Damped means and a truncated SVD of what they leave (Koren, 2008, section 2.1, for the means)."""
        n_movies = interactions.shape[1]
        self.mean_ = np.float64(interactions.stars.mean(dtype=np.float64))
        counts = np.bincount(interactions.columns, minlength=n_movies)
        rest = interactions.stars - self.mean_
        self.film_bias_ = np.bincount(interactions.columns, rest, minlength=n_movies) / (counts + 10)
        # A residual of exactly zero would drop out of the sparse matrix.
        residuals = weighed(interactions.histories, self._residuals(interactions.histories) + 1e-9)
        k = max(min(self.svd_factors, min(residuals.shape) - 2), 1)
        start = np.random.default_rng(self.seed).standard_normal(min(residuals.shape))
        with one_blas_thread():
            _, values, directions = svds(residuals.astype(np.float64), k=k, v0=start)
        self.directions_ = np.ascontiguousarray((directions * np.sqrt(values)[:, None]).T, np.float32)

    def _residuals(self, histories: Histories) -> NDArray[np.float64]:
        """Return stars less the means of everything, of the film and of the person."""
        rest = histories.stars - self.mean_ - self.film_bias_[histories.columns]
        sums = np.bincount(histories.rows, rest, minlength=len(histories))
        return rest - (sums / (np.diff(histories.indptr) + 5))[histories.rows]

    def _svd_scores(self, histories: Histories) -> Scores:
        residuals = self._residuals(histories)
        found = np.zeros((len(histories), histories.n_movies), np.float32)
        ridge = 5.0 * np.eye(self.directions_.shape[1])
        for row in range(len(histories)):
            part = slice(histories.indptr[row], histories.indptr[row + 1])
            theirs = self.directions_[histories.columns[part]].astype(np.float64)
            person = np.linalg.solve(theirs.T @ theirs + ridge, theirs.T @ residuals[part])
            found[row] = self.directions_ @ person.astype(np.float32)
        return found

    @cached_property
    def _of_people(self) -> csr_matrix:
        did = [self.likes_, self.recent_, self.very_recent_, self.rated_recent_, self.returning_]
        return hstack(did, format="csr")

    @cached_property
    def _of_likes(self) -> csr_matrix:
        return hstack([self.knn_, self.knn_recent_], format="csr")

    @cached_property
    def _of_late_likes(self) -> csr_matrix:
        return hstack([self.knn_, self.next_liked_], format="csr")

    @cached_property
    def _likers(self) -> csr_matrix:
        """Return `likes_` by film; turning it around for each request would take longer than the rest."""
        return self.likes_.T.tocsr()

    def _near(self, likes: csr_matrix) -> csr_matrix:
        """Return the squared cosines to the people with the most similar likes, (people x users)."""
        lengths = np.sqrt(np.maximum(likes.getnnz(axis=1), 1))[:, None]
        alike = _product(likes, self._likers) / lengths
        k = min(self.people, alike.shape[1] - 1)
        floor = np.partition(alike, -k, axis=1)[:, -k][:, None]
        return csr_matrix(np.where(alike >= np.maximum(floor, 1e-6), alike * alike, 0), dtype=np.float32)


def _side_by_side(left: csr_matrix, right: csr_matrix, n: int) -> NDArray[np.float32]:
    """Return (n x people x movies): the products with each of n matrices side by side in `right`."""
    found = _product(left, right)
    return found.reshape(len(found), n, right.shape[1] // n).transpose(1, 0, 2)


def _product(left: csr_matrix, right: csr_matrix) -> NDArray[np.float32]:
    """Return left @ right, dense (people x columns).

    For one person this leaves out that scipy first counts what will not be zero, half of the time.
    """
    if left.shape[0] != 1:
        return np.asarray((left @ right).toarray())
    return np.asarray(right[left.indices].T @ left.data)[None, :]


def _gram(x: csr_matrix) -> NDArray[np.float32]:
    """Return x'x, dense float32."""
    lengths = np.diff(x.indptr).astype(np.float64)
    if np.square(lengths).sum() < DENSE_FROM:
        return np.asarray((x.T @ x).toarray(), np.float32)
    lower = blas.ssyrk(1.0, x.toarray().T, lower=1)
    return np.asarray(lower + np.tril(lower, -1).T, np.float32)


def _nearest(together: NDArray[np.float32], likes: csr_matrix, k: int) -> csr_matrix:
    """Return cosines of co-occurrence to the k nearest films, less for films that few like."""
    counts = likes.getnnz(axis=0)
    lengths = np.sqrt(np.maximum(counts, 1)).astype(np.float32)
    together /= lengths[:, None] * lengths[None, :]
    together *= np.sqrt(counts / (counts + 10.0), dtype=np.float32)[None, :]
    return _largest(together, k)


def _largest(alike: NDArray[np.float32], k: int) -> csr_matrix:
    """Return the k largest positive values of each row, without the diagonal."""
    np.fill_diagonal(alike, 0)
    k = min(k, alike.shape[1] - 1)
    floor = np.partition(alike, -k, axis=1)[:, -k][:, None]
    return csr_matrix(np.where((alike >= floor) & (alike > 0), alike, 0), dtype=np.float32)


def _transitions(
    columns: NDArray[np.int32], groups: NDArray[np.int64], n_movies: int, *, lags: int
) -> csr_matrix:
    """Return how often a film (column) comes up to `lags` places after another (row) in the same group.

    Nearer counts more; divided by the square roots of both counts, so that popular films do not take all.
    """
    total = csr_matrix((n_movies, n_movies))
    for lag in range(1, lags + 1):
        same = groups[lag:] == groups[:-lag]
        pairs = (columns[:-lag][same], columns[lag:][same])
        total = total + csr_matrix((np.full(same.sum(), 1 / lag), pairs), shape=total.shape)
    scale = diags_array(1 / np.sqrt(np.bincount(columns, minlength=n_movies) + 10.0))
    return _kept(csr_matrix(scale @ total @ scale), TRANSITIONS)


def _kept(matrix: csr_matrix, k: int) -> csr_matrix:
    """Return the k largest of each row; ties go to the lower column."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, -matrix.data, rows))
    place = np.arange(len(order)) - matrix.indptr[rows]
    chosen = np.sort(order[place < k])
    counts = np.bincount(rows[chosen], minlength=matrix.shape[0])
    parts = (matrix.data[chosen].astype(np.float32), matrix.indices[chosen], np.r_[0, np.cumsum(counts)])
    return csr_matrix(parts, shape=matrix.shape)
