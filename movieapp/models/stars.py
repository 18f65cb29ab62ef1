"""Predicted stars, each with a give-or-take: Bayesian matrix factorization with everybody folded in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix, diags

from movieapp.models.base import Model, Scores
from movieapp.models.stars_sampler import Draw, Features, Ratings, draws
from movieapp.models.threads import one_blas_thread
from movieapp.preparation.facts import AGE, GENDER, OCCUPATION, Films
from movieapp.preparation.interactions import Histories, Interactions

# Ages and years of release are taken together by this many; the age groups of the releases stay apart.
AGE_STEP, RELEASE_STEP = 5, 3
# Somebody's habits are mixed with the usual ones as if those were known from this many ratings.
USUAL_HABITS = 10
# People rate what suits them: how far that lifts a film's stars counts half for somebody with this many
# ratings, whose vector shows it, and is itself drawn to 0 as if by this many ratings.
SUITED = 5
# How noisy somebody is follows from their residuals, which depend on it: two rounds settle that.
NOISE_ROUNDS = 2
# Similarity of two films' residuals counts half when this many people rated both.
MANY_IN_COMMON = 100
# Added to the sum of the similarities, so that faint ones alone do not decide.
FAINT = 0.03
# Films compared with all others at once: bounds the dense products.
BLOCK = 128


class Predicted(NamedTuple):
    """Expected stars and the standard deviation of a rating about them, float32: (people x columns), or
    (columns,) of one person."""

    stars: Scores
    spread: Scores


class Person(NamedTuple):
    """Somebody's vectors (draws x d), their covariances (draws x d x d), what their ratings leave unexplained
    (ratings,), and how many times the usual variance their ratings have."""

    vectors: NDArray[np.float32]
    covariances: NDArray[np.float32]
    residuals: NDArray[np.float32]
    variance: float


@dataclass
class Stars(Model):
    """Bias of the person + bias of the film + product of their vectors, averaged over posterior draws.

    People's vectors are never kept. Given the films' of a draw, theirs is a Bayesian linear regression, whose
    prior knows their demographics and which films they rated: a changed rating counts at once, and somebody
    without one gets what people like them gave. What this leaves unexplained in somebody's ratings of similar
    films is added (Koren, 2008, section 5). The instants of ratings are not used.

    `noise_prior` counts the ratings that a usual noise of a person or film is worth, `components` the
    directions kept of who rated what.
    """

    name: ClassVar[str] = "stars"
    rank: int = 16
    iterations: int = 250
    burn_in: int = 50
    kept: int = 32
    components: int = 100
    noise_prior: float = 20.0
    neighbours: int = 50
    seed: int = 7

    def fit(self, interactions: Interactions) -> Self:
        """Set, by draw, `films_` (movies x draws x (1, vector, bias)) and the prior of people's vectors:
        `mean_`, `precision_`, weights of demographics `groups_` and of what was rated `habits_`, the latter
        in the space of `directions_` (movies x components), `usual_` being everybody's mean there; then
        `noise_`, `suited_` (movies,) and `similar_` (movies x movies)."""
        with one_blas_thread():
            self.centre_ = interactions.stars.mean(dtype=np.float64)
            self.range_ = np.array([interactions.stars.min(), interactions.stars.max()])
            demographics = interactions.facts.demographics_of(interactions.user_ids)
            self.ages_ = _present(_stepped(demographics[:, AGE], AGE_STEP))
            self.occupations_ = np.arange(len(interactions.facts.occupations), dtype=np.float32)
            one_hot, known = self._one_hot_of(demographics)
            self.shares_ = one_hot.sum(axis=0) / np.maximum(known.sum(axis=0, dtype=np.float32), 1)
            rated = _rated(interactions)
            people = [
                Features.of(_by_length(rated), self.components),
                Features.of(csr_matrix(self._groups_of(demographics)), self.components),
            ]
            films = [
                Features.of(_by_length(rated.T.tocsr()), self.components),
                Features.of(csr_matrix(_described(interactions.films)), self.components),
            ]
            self.directions_ = people[0].directions
            self.usual_ = people[0].coordinates.mean(axis=0)
            self._keep(self._sampled(interactions, (people, films)), people[1])
            self.similar_ = self._similarities(interactions.histories)
            self.suited_ = self._lifts(interactions.histories)
        return self

    def predict(self, histories: Histories, columns: NDArray[np.integer]) -> Predicted:
        """Return what each person is expected to give the films of `columns`, and the give-or-take."""
        stars = np.empty((len(histories), len(columns)), np.float32)
        spread = np.empty_like(stars)
        for row, history in enumerate(_one_by_one(histories)):
            stars[row], spread[row] = self.predict_folded(self.folded(history), history, columns)
        return Predicted(stars, spread)

    def predict_folded(self, person: Person, history: Histories, columns: NDArray[np.integer]) -> Predicted:
        """Return what one person, folded in from this history, is expected to give, (columns,) each."""
        films = self.films_[columns]
        by_draw = self.by_draw(films, person.vectors)
        stars = by_draw.mean(axis=1) + self._from_similar(self.similar_[columns], history, person)
        stars += self.suited_[columns] * _half_at(SUITED, history)
        design = films[:, :, :-1].transpose(1, 0, 2)
        of_person = np.einsum("scd,scd->c", design @ person.covariances, design) / films.shape[1]
        variance = of_person + by_draw.var(axis=1) + person.variance / self.noise_[columns]
        return Predicted(stars.clip(*self.range_), np.sqrt(variance))

    def scores(self, histories: Histories) -> Scores:
        """Return expected stars, beyond the ends of the scale too, so that the best films stay apart."""
        scores = np.empty((len(histories), histories.n_movies), np.float32)
        for row, history in enumerate(_one_by_one(histories)):
            person = self.folded(history)
            scores[row] = self.by_draw(self.films_, person.vectors).mean(axis=1)
            scores[row] += self._from_similar(self.similar_, history, person)
            scores[row] += self.suited_ * _half_at(SUITED, history)
        return scores

    def folded(self, history: Histories) -> Person:
        """Return one person's posterior in every draw, all draws sharing the noise of their ratings."""
        films = self.films_[history.columns].transpose(1, 0, 2)
        design, left = films[:, :, :-1], history.stars - np.float32(self.centre_) - films[:, :, -1]
        weighted = (design * self.noise_[history.columns, None]).transpose(0, 2, 1)
        grams = (weighted @ design).astype(np.float64)
        rights = (weighted @ left[:, :, None])[:, :, 0].astype(np.float64)
        squares = (left**2 @ self.noise_[history.columns]).mean()
        believed = np.einsum(
            "sde,se->sd", self.precision_, self._expected(history.columns, history.demographics)
        )
        usual, size = self.noise_prior, self.noise_prior + len(history.columns)
        precision = 1.0
        for _ in range(NOISE_ROUNDS):
            covariances = np.linalg.inv(precision * grams + self.precision_)
            vectors = np.einsum("sde,se->sd", covariances, precision * rights + believed)
            fitted = np.einsum("sd,sd->s", vectors, 2 * rights - np.einsum("sde,se->sd", grams, vectors))
            unsure = np.einsum("sde,sde->s", covariances, grams)
            total = max(usual + squares + float((unsure - fitted).mean()), 1e-6)
            precision = size / total
        covariances = np.linalg.inv(precision * grams + self.precision_)
        vectors = np.einsum("sde,se->sd", covariances, precision * rights + believed).astype(np.float32)
        residuals = (left - (design @ vectors[:, :, None])[:, :, 0]).mean(axis=0)
        return Person(vectors, covariances.astype(np.float32), residuals, total / (size - 2))

    def by_draw(self, films: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the expected stars of films (films x draws x d + 1) in each draw, (films x draws)."""
        products = np.einsum("csd,sd->cs", films[:, :, :-1], vectors)
        by_draw: NDArray[np.float32] = products + films[:, :, -1] + np.float32(self.centre_)
        return by_draw

    def _from_similar(self, similar: csr_matrix, history: Histories, person: Person) -> NDArray[np.float32]:
        """Return the mean residual of the person's ratings of similar films, weighted by similarity."""
        both = np.zeros((similar.shape[1], 2), np.float32)
        both[history.columns, 0] = person.residuals
        both[history.columns, 1] = 1.0
        weighted: NDArray[np.float32] = (similar @ both[:, 0]) / (abs(similar) @ both[:, 1] + FAINT)
        return weighted

    def _expected(
        self, columns: NDArray[np.int32], demographics: NDArray[np.float32] | None
    ) -> NDArray[np.float32]:
        """Return the prior mean of the vectors of somebody who rated these films, (draws x d)."""
        n = len(columns)
        theirs = self.directions_[columns].sum(axis=0) / np.sqrt(max(n, 1))
        habits = (n * theirs + USUAL_HABITS * self.usual_) / (n + USUAL_HABITS)
        expected = self.mean_ + np.tensordot(habits, self.habits_, (0, 1))
        expected = expected + np.tensordot(self._groups_of(demographics)[0], self.groups_, (0, 1))
        return np.asarray(expected, np.float32)

    def _groups_of(self, demographics: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """Return gender, age group and occupation one-hot, (people x groups); the usual shares if unknown."""
        if demographics is None:
            return np.asarray(self.shares_[None, :], np.float32)
        one_hot, known = self._one_hot_of(demographics)
        one_hot[~known] = np.broadcast_to(self.shares_, one_hot.shape)[~known]
        return one_hot

    def _one_hot_of(self, demographics: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return gender, age group and occupation one-hot, and whether they are known, (people x groups)."""
        ages = _stepped(demographics[:, AGE], AGE_STEP)
        genders = _one_hot(demographics[:, GENDER], np.array([0.0, 1.0], np.float32))
        occupations = _one_hot(demographics[:, OCCUPATION], self.occupations_)
        kinds = (genders, _one_hot(ages, self.ages_), occupations)
        known = [np.broadcast_to(kind.any(axis=1, keepdims=True), kind.shape) for kind in kinds]
        return np.hstack(kinds), np.hstack(known)

    def _sampled(
        self, interactions: Interactions, features: tuple[list[Features], list[Features]]
    ) -> list[Draw]:
        """Run the chain and keep draws that lie evenly after the burn-in."""
        history = interactions.histories
        rows, shape = history.rows.astype(np.int32), interactions.shape
        ratings = Ratings(rows, history.columns, history.stars - self.centre_, shape)
        chain = draws(
            ratings,
            features,
            rank=self.rank,
            noise_prior=self.noise_prior,
            rng=np.random.default_rng(self.seed),
        )
        places = set(np.linspace(self.burn_in, self.iterations - 1, self.kept).astype(int).tolist())
        return [draw for place, draw in zip(range(self.iterations), chain, strict=False) if place in places]

    def _keep(self, kept: list[Draw], groups: Features) -> None:
        ones = np.ones((len(kept[0].films), 1))
        films = [np.hstack([ones, draw.films[:, 1:], draw.films[:, :1]]) for draw in kept]
        self.films_ = np.stack(films, axis=1).astype(np.float32)
        self.noise_ = np.mean([draw.noise for draw in kept], axis=0).astype(np.float32)
        self.mean_ = np.stack([draw.mean for draw in kept])
        self.precision_ = np.stack([draw.precision for draw in kept])
        self.habits_ = np.stack([draw.weights[0] for draw in kept]).astype(np.float32)
        of_groups = [groups.directions @ draw.weights[1] for draw in kept]
        self.groups_ = np.stack(of_groups).astype(np.float32)

    def _lifts(self, histories: Histories) -> NDArray[np.float32]:
        """Return how far a film's stars are above what is expected of its raters unseen, (movies,)."""
        lifts = np.zeros(histories.n_movies)
        unseen = np.empty(0, np.int32)
        for history in _one_by_one(histories):
            vectors = self._expected(unseen, history.demographics)
            expected = self.by_draw(self.films_[history.columns], vectors).mean(axis=1)
            lifts[history.columns] += history.stars - expected
        counts = np.bincount(histories.columns, minlength=histories.n_movies)
        return np.asarray(lifts / (counts + SUITED), np.float32)

    def _similarities(self, histories: Histories) -> csr_matrix:
        """Return how alike films' residuals are, cubed, for each film's nearest, (movies x movies)."""
        residuals = [self.folded(history).residuals for history in _one_by_one(histories)]
        parts = (np.concatenate(residuals), histories.columns, histories.indptr)
        left = csr_matrix(parts, shape=(len(histories), histories.n_movies)).tocsc()
        counts = np.maximum(np.diff(left.indptr), 1)
        sizes = np.sqrt(np.asarray(left.multiply(left).sum(axis=0)).ravel() / counts)
        left = (left @ diags(1 / np.maximum(sizes, 1e-6))).tocsc().astype(np.float32)
        there = csc_matrix((np.ones_like(left.data), left.indices, left.indptr), shape=left.shape)
        rows, columns, values = [], [], []
        for start in range(0, histories.n_movies, BLOCK):
            block = np.arange(start, min(start + BLOCK, histories.n_movies))
            in_common = there.T @ there[:, block].toarray()
            alike = ((left.T @ left[:, block].toarray()) / (in_common + MANY_IN_COMMON)).T
            alike[np.arange(len(block)), block] = 0.0
            k = min(self.neighbours, histories.n_movies)
            nearest = np.sort(np.argpartition(-abs(alike), k - 1, axis=1)[:, :k], axis=1)
            rows.append(np.repeat(block, k))
            columns.append(nearest.ravel())
            values.append(np.take_along_axis(alike, nearest, axis=1).ravel() ** 3)
        entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
        return csr_matrix(entries, shape=(histories.n_movies, histories.n_movies))


def _half_at(n: int, history: Histories) -> float:
    """Return 1 for no rating, a half for n, then less and less."""
    return n / (n + len(history.columns))


def _one_by_one(histories: Histories) -> Iterator[Histories]:
    return (histories.take(np.array([row])) for row in range(len(histories)))


def _rated(interactions: Interactions) -> csr_matrix:
    """Return 1 where somebody rated a film, (users x movies)."""
    ones = np.ones(len(interactions.rows))
    return csr_matrix((ones, (interactions.rows, interactions.columns)), shape=interactions.shape)


def _by_length(rated: csr_matrix) -> csr_matrix:
    """Return the rows with norm 1."""
    return diags(1 / np.sqrt(np.maximum(np.diff(rated.indptr), 1))).tocsr() @ rated


def _described(films: Films) -> NDArray[np.float32]:
    """Return genres (norm 1), years and groups of years one-hot, (movies x features)."""
    genres = films.genres / np.sqrt(np.maximum(films.genres.sum(axis=1, keepdims=True), 1))
    years = (films.years, _stepped(films.years, RELEASE_STEP))
    return np.hstack([genres.astype(np.float32), *(_one_hot(one, _present(one)) for one in years)])


def _stepped(values: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    return np.floor(values / step)


def _present(values: NDArray[np.float32]) -> NDArray[np.float32]:
    present: NDArray[np.float32] = np.unique(values[~np.isnan(values)])
    return present


def _one_hot(values: NDArray[np.float32], kinds: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.equal(values[:, None], kinds).astype(np.float32)
