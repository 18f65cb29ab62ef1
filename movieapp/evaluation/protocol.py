"""The protocol: who is evaluated on what, in a window that the model has not seen."""

import time
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from movieapp.evaluation import metrics
from movieapp.evaluation.intervals import Estimate, estimates
from movieapp.models.base import Model, best
from movieapp.models.rerank import ListAims, Reranker
from movieapp.preparation.facts import Facts
from movieapp.preparation.interactions import Histories, Interactions
from movieapp.preparation.split import Split

WindowName = Literal["validation", "test"]
SLICES = ("returning", "new")

CUTOFFS = (5, 10, 20)
COVERAGE_K = 100
# The places that lists are served with unless somebody asks for others: they differ from a model's own from
# the 21st on, so that of all figures only coverage knows of it.
AS_SERVED = ListAims(discover=True)
# A new user's first likes in the window are given as the history; the rest is to be found.
FOLD_IN_LIKES = 5
# People scored at once: bounds the dense (people x movies) scores.
BATCH = 1_024


@dataclass(frozen=True)
class Cohort:
    """People of one slice: their histories before the moment of scoring and what they liked after."""

    user_ids: NDArray[np.int32]
    histories: Histories
    relevant: csr_matrix


@dataclass(frozen=True)
class Window:
    """One evaluation window: what may be fitted on, and the people scored.

    `known` is (movies,) bool: movies with a like before the cut-off; only they are ranked.
    `n_unknown_positives` counts the likes of returning users that were dropped because their movie was new.
    """

    name: WindowName
    cutoff: datetime
    fitting: Interactions
    known: NDArray[np.bool_]
    cohorts: dict[str, Cohort]
    n_unknown_positives: int

    @cached_property
    def popularity(self) -> NDArray[np.float64]:
        """Share of the people with a history who rated each movie."""
        counts = np.bincount(self.fitting.columns, minlength=len(self.known))
        return counts / max(len(self.fitting.user_ids), 1)

    @cached_property
    def reranker(self) -> Reranker:
        """What puts lists in the order in which they are served; discovery needs no vectors."""
        likes = self.fitting.likes.getnnz(axis=0).astype(np.float32)
        return Reranker(np.empty((len(likes), 0), np.float32), likes, self.fitting.films.years)


@dataclass(frozen=True)
class Measured:
    """A model's figures in one window: per slice the estimates, and the values per person behind them.

    `recommend_all_s` is how long everybody's first 100 films took, in seconds.
    """

    window: WindowName
    n_unknown_positives: int
    figures: dict[str, dict[str, Estimate]]
    per_user: dict[str, NDArray[np.float64]]
    n_users: dict[str, int]
    recommend_all_s: float


def window(split: Split, name: WindowName, facts: Facts | None = None) -> Window:
    """Build the validation window (fit on train) or the test window (fit on train and validation)."""
    before, after = (
        (split.train, split.validation) if name == "validation" else (split.before_test, split.test)
    )
    fitting = Interactions.of(before, facts, like=split.like)
    known = np.asarray(fitting.likes.getnnz(axis=0) > 0)
    likes = after.filter(pl.col("rating") >= split.like)
    is_known = pl.col("movie_id").is_in(fitting.movie_ids[known].tolist())
    liked_before = before.filter(pl.col("rating") >= split.like)["user_id"].unique()
    is_returning = pl.col("user_id").is_in(liked_before.to_list())
    return Window(
        name=name,
        cutoff=split.validation_from if name == "validation" else split.test_from,
        fitting=fitting,
        known=known,
        cohorts={
            "returning": _cohort(fitting, before, likes.filter(is_returning & is_known)),
            "new": _new_users(fitting, before, likes.filter(~is_returning), is_known),
        },
        n_unknown_positives=likes.filter(is_returning & ~is_known).height,
    )


def measure(model: Model, window: Window) -> Measured:
    """Score a model that was fitted on `window.fitting`.

    `coverage@100` is of the model's own lists, `served_coverage@100` of the lists as they are served.
    """
    figures: dict[str, dict[str, Estimate]] = {}
    per_user: dict[str, NDArray[np.float64]] = {}
    started = time.perf_counter()
    everybody, served = _lists(model, window, window.fitting.histories)
    recommend_all_s = time.perf_counter() - started
    coverage = {f"coverage@{COVERAGE_K}": everybody, f"served_coverage@{COVERAGE_K}": served}
    for name, cohort in window.cohorts.items():
        if len(cohort.user_ids) == 0:
            continue
        names, values = _values(model, window, cohort)
        per_user[name] = values
        figures[name] = dict(zip(names, estimates(values), strict=True))
    if "returning" in figures:
        for name, lists in coverage.items():
            covered = metrics.coverage(lists, int(window.known.sum()))
            figures["returning"][name] = Estimate(covered, None, None)
    n_users = {name: len(values) for name, values in per_user.items()}
    return Measured(window.name, window.n_unknown_positives, figures, per_user, n_users, recommend_all_s)


def metric_names() -> list[str]:
    """The metrics that are means over people, in the order of `Measured.per_user`'s columns."""
    names = [f"{name}@{k}" for name in ("precision", "recall", "ndcg", "hit_rate") for k in CUTOFFS]
    return [*names, "mrr", "novelty@10", "diversity@10", "popularity_share@10", "new_to_you@10"]


def _values(model: Model, window: Window, cohort: Cohort) -> tuple[list[str], NDArray[np.float64]]:
    """Return the metric names and their values (people x metrics)."""
    batches = [
        _batch_values(model, window, cohort, np.arange(start, min(start + BATCH, len(cohort.user_ids))))
        for start in range(0, len(cohort.user_ids), BATCH)
    ]
    return metric_names(), np.vstack(batches)


def _batch_values(
    model: Model,
    window: Window,
    cohort: Cohort,
    rows: NDArray[np.int64],
) -> NDArray[np.float64]:
    histories = cohort.histories.take(rows)
    relevant = cohort.relevant[rows].toarray() > 0
    scores = np.where(window.known, model.scores(histories), -np.inf).astype(np.float32)
    columns, _ = best(scores, scores.shape[1], without=histories)
    # Padding (-1) would look up the last movie; it is never a hit.
    hits = np.take_along_axis(relevant, columns, axis=1) & (columns >= 0)
    n_relevant = relevant.sum(axis=1)
    top = columns[:, :10]
    return np.column_stack(
        [
            *(metrics.precision(hits, k) for k in CUTOFFS),
            *(metrics.recall(hits, n_relevant, k) for k in CUTOFFS),
            *(metrics.ndcg(hits, n_relevant, k) for k in CUTOFFS),
            *(metrics.hit_rate(hits, k) for k in CUTOFFS),
            metrics.reciprocal_rank(hits),
            metrics.novelty(top, window.popularity),
            metrics.diversity(top, window.fitting.films.genres),
            metrics.popularity_share(top, window.popularity),
            metrics.new_to_you(top, window.popularity),
        ]
    )


def _lists(model: Model, window: Window, histories: Histories) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return everybody's first 100 films by the model and as served, each (people x 100) columns."""
    own, served = [], []
    for start in range(0, len(histories), BATCH):
        batch = histories.take(np.arange(start, min(start + BATCH, len(histories))))
        scores = np.where(window.known, model.scores(batch), -np.inf).astype(np.float32)
        scores[batch.rows, batch.columns] = -np.inf
        own.append(best(scores, COVERAGE_K)[0])
        served.append(window.reranker.columns(scores, COVERAGE_K, AS_SERVED, batch))
    return np.vstack(own), np.vstack(served)


def _cohort(fitting: Interactions, history: pl.DataFrame, relevant: pl.DataFrame) -> Cohort:
    """Build the cohort of the people in `relevant`, whose histories are their rows of `history`."""
    people = relevant["user_id"].unique().sort()
    theirs = history.filter(pl.col("user_id").is_in(people.to_list()))
    user_ids, histories = fitting.histories_of(theirs)
    _, after = fitting.histories_of(relevant)
    return Cohort(user_ids, histories, after.matrix)


def _new_users(fitting: Interactions, before: pl.DataFrame, likes: pl.DataFrame, is_known: pl.Expr) -> Cohort:
    """Give each new user's first likes as a history, besides what they rated before without liking it."""
    placed = likes.with_columns(place=pl.int_range(pl.len()).over("user_id")).filter(is_known)
    # Somebody whose first likes are all of new movies gives the models nothing to start from.
    started = placed.filter(pl.col("place").min().over("user_id") < FOLD_IN_LIKES)
    given = started.filter(pl.col("place") < FOLD_IN_LIKES).drop("place")
    history = pl.concat([before, given]).sort("rated_at", "user_id", "movie_id")
    return _cohort(fitting, history, started.filter(pl.col("place") >= FOLD_IN_LIKES).drop("place"))
