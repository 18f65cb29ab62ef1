"""How near predicted stars come to given ones, by the protocols of published figures.

These protocols split at random, not in time, so that the figures compare with published ones and with nothing
else in this package. No model here sees the instant of a rating that it predicts.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from movieapp.errors import Invalid
from movieapp.evaluation.intervals import SEED, Estimate, resampled_means
from movieapp.models.stars import Stars
from movieapp.preparation.facts import Facts
from movieapp.preparation.interactions import Interactions, seconds
from movieapp.progress import Progress, silent

Values = NDArray[np.float64]

METRICS = ("rmse", "mae")
# Penalties and rounds of the biased baseline (Koren, 2010, section 2.1), as Surprise has them.
FILM_PENALTY, USER_PENALTY, ROUNDS = 10.0, 15.0, 10


class Fold(NamedTuple):
    """One split: frames as `read_ratings` gives them."""

    name: str
    train: pl.DataFrame
    test: pl.DataFrame


@dataclass(frozen=True)
class Protocol:
    """A way to split; its figure is the mean over its folds."""

    name: str
    folds: tuple[Fold, ...]


@dataclass(frozen=True)
class MeasuredStars:
    """Figures of `stars` and of the `biased` baseline beside it, by metric: means over the folds.

    Intervals are from resampling people, whose ratings hang together; `difference` is paired, stars - biased.
    `by_fold` has one value per fold, `calibration` the share of ratings within 1 and 2 standard deviations.
    """

    protocol: str
    n_ratings: int
    figures: dict[str, dict[str, Estimate]]
    difference: dict[str, Estimate]
    by_fold: dict[str, dict[str, list[float]]]
    calibration: tuple[float, float]


def u_splits(origin: Path, numbers: Sequence[int] = (1, 2, 3, 4, 5)) -> Protocol:
    """Return the splits u1 to u5 that come with ML-100K, from its zip or folder."""
    folds = [Fold(f"u{n}", _u_file(origin, f"u{n}.base"), _u_file(origin, f"u{n}.test")) for n in numbers]
    return Protocol("+".join(fold.name for fold in folds), tuple(folds))


def folds(ratings: pl.DataFrame, *, seed: int, n: int = 5) -> Protocol:
    """Return n-fold cross-validation: each rating is tested once."""
    place = np.random.default_rng(seed).permutation(ratings.height) % n
    parts = [Fold(f"fold {k + 1}", ratings.filter(place != k), ratings.filter(place == k)) for k in range(n)]
    return Protocol(f"{n}-fold", tuple(parts))


def random_90_10(ratings: pl.DataFrame, *, seed: int) -> Protocol:
    """Return one split of all ratings: a random tenth is tested."""
    is_test = np.random.default_rng(seed).permutation(ratings.height) < ratings.height // 10
    fold = Fold("90/10", ratings.filter(~is_test), ratings.filter(is_test))
    return Protocol("random 90/10", (fold,))


def measure_stars(
    protocol: Protocol,
    facts: Facts,
    *,
    model: Callable[[], Stars] = Stars,
    progress: Progress = silent,
) -> MeasuredStars:
    """Fit a model and the baseline on each fold's train and measure both on all of its test."""
    users = np.unique(np.concatenate([_ids(fold, "user_id") for fold in protocol.folds]))
    names = ("stars", "biased")
    sums: dict[str, list[Values]] = {name: [] for name in names}
    within = np.zeros(2)
    for done, fold in enumerate(protocol.folds):
        progress(f"stars: {fold.name}", done / len(protocol.folds))
        pairs = _Pairs.of(fold, facts)
        predicted, spread = pairs.predicted(model().fit(pairs.fitting))
        errors = {"stars": pairs.stars - predicted, "biased": pairs.stars - biased(pairs)}
        people = np.searchsorted(users, pairs.fitting.user_ids)[pairs.rows]
        for name in names:
            sums[name].append(_sums(errors[name], people, len(users)))
        within += [(np.abs(errors["stars"]) <= k * spread).sum() for k in (1, 2)]
    progress("stars", 1.0)
    n_ratings = sum(fold.test.height for fold in protocol.folds)
    by_fold = {name: np.array([_metrics(one.sum(axis=0)) for one in sums[name]]) for name in names}
    resampled = {name: _resampled(sums[name]) for name in names}
    ours, theirs = (by_fold[name].mean(axis=0) for name in names)
    return MeasuredStars(
        protocol=protocol.name,
        n_ratings=n_ratings,
        figures={name: _estimates(by_fold[name].mean(axis=0), resampled[name]) for name in names},
        difference=_estimates(ours - theirs, resampled["stars"] - resampled["biased"]),
        by_fold={name: dict(zip(METRICS, by_fold[name].T.tolist(), strict=True)) for name in names},
        calibration=(float(within[0] / n_ratings), float(within[1] / n_ratings)),
    )


@dataclass(frozen=True)
class _Pairs:
    """What to fit on, and the ratings to predict: rows and columns in it and `stars`, (ratings,) each."""

    fitting: Interactions
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    stars: Values

    @classmethod
    def of(cls, fold: Fold, facts: Facts) -> Self:
        """Give people and films of the test a row and column, though they may have no rating in train."""
        users, movies = np.unique(_ids(fold, "user_id")), np.unique(_ids(fold, "movie_id"))
        rows, columns = _places(fold.train, users, movies)
        fitting = Interactions(
            user_ids=users.astype(np.int32),
            movie_ids=movies.astype(np.int32),
            rows=rows.astype(np.int32),
            columns=columns.astype(np.int32),
            stars=fold.train["rating"].to_numpy().astype(np.float32),
            rated_at=seconds(fold.train["rated_at"]),
            facts=facts,
        )
        return cls(fitting, *_places(fold.test, users, movies), fold.test["rating"].to_numpy().astype(float))

    def predicted(self, model: Stars) -> tuple[Values, Values]:
        """Return expected stars and standard deviations, (ratings,) each, asking person by person."""
        stars, spread = np.empty((2, len(self.stars)))
        order = np.argsort(self.rows, kind="stable")
        for places in np.split(order, np.flatnonzero(np.diff(self.rows[order])) + 1):
            history = self.fitting.histories.take(self.rows[places[:1]])
            found = model.predict(history, self.columns[places])
            stars[places], spread[places] = found.stars[0], found.spread[0]
        return stars, spread


def biased(pairs: _Pairs) -> Values:
    """Return mean + bias of the person + bias of the film, by regularized alternating least squares."""
    fitting = pairs.fitting
    n_users, n_movies = fitting.shape
    centre = float(fitting.stars.mean(dtype=np.float64))
    left = fitting.stars - centre
    per_user = np.bincount(fitting.rows, minlength=n_users) + USER_PENALTY
    per_movie = np.bincount(fitting.columns, minlength=n_movies) + FILM_PENALTY
    of_user = np.zeros(n_users)
    for _ in range(ROUNDS):
        of_movie = np.bincount(fitting.columns, left - of_user[fitting.rows], n_movies) / per_movie
        of_user = np.bincount(fitting.rows, left - of_movie[fitting.columns], n_users) / per_user
    predicted: Values = centre + of_user[pairs.rows] + of_movie[pairs.columns]
    return predicted.clip(fitting.stars.min(), fitting.stars.max())


def _sums(errors: Values, people: NDArray[np.int64], n_people: int) -> Values:
    """Return per person the number of ratings, the squared and the absolute errors, (people x 3)."""
    parts = (np.ones_like(errors), errors**2, np.abs(errors))
    return np.column_stack([np.bincount(people, part, n_people) for part in parts])


def _metrics(sums: Values) -> Values:
    """Return RMSE and MAE, (... x 2), from counts and errors, (... x 3)."""
    metrics: Values = sums[..., 1:] / np.maximum(sums[..., :1], 1e-12)
    metrics[..., 0] **= 0.5
    return metrics


def _resampled(sums: list[Values]) -> Values:
    """Return the mean over folds in each resample of people, (resamples x 2)."""
    means = resampled_means(np.hstack(sums), seed=SEED)
    metrics: Values = _metrics(means.reshape(len(means), len(sums), 3)).mean(axis=1)
    return metrics


def _estimates(values: Values, resampled: Values) -> dict[str, Estimate]:
    ends = np.quantile(resampled, [0.025, 0.975], axis=0)
    found = [Estimate(*map(float, one)) for one in zip(values, *ends, strict=True)]
    return dict(zip(METRICS, found, strict=True))


def _ids(fold: Fold, column: str) -> NDArray[np.integer]:
    ids: NDArray[np.integer] = np.concatenate([fold.train[column].to_numpy(), fold.test[column].to_numpy()])
    return ids


def _places(
    ratings: pl.DataFrame, users: NDArray[np.integer], movies: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows = np.searchsorted(users, ratings["user_id"].to_numpy())
    return rows, np.searchsorted(movies, ratings["movie_id"].to_numpy())


def _u_file(origin: Path, name: str) -> pl.DataFrame:
    schema = {"user_id": pl.Int32, "movie_id": pl.Int32, "rating": pl.Float32, "seconds": pl.Int64}
    table = pl.read_csv(io.BytesIO(_content(origin, name)), separator="\t", has_header=False, schema=schema)
    at = pl.from_epoch("seconds", time_unit="s").cast(pl.Datetime("us")).alias("rated_at")
    return table.with_columns(at).drop("seconds").sort("rated_at", "user_id", "movie_id")


def _content(origin: Path, name: str) -> bytes:
    """Return a file of a zip or folder, which may lie one folder deep."""
    again = "Give the zip of ML-100K as GroupLens publishes it, or its folder."
    try:
        if origin.is_dir():
            return next(path for path in sorted(origin.glob(f"**/{name}"))).read_bytes()
        with zipfile.ZipFile(origin) as archive:
            return archive.read(next(one for one in archive.namelist() if one.split("/")[-1] == name))
    except StopIteration:
        raise Invalid(f"{origin} has no {name}. {again}") from None
    except (OSError, zipfile.BadZipFile) as error:
        raise Invalid(f"{origin} cannot be read: {error}. {again}") from error
