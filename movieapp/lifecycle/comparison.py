"""The leaderboard: every model on one release under one protocol, with what list aims cost and bring."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from movieapp.database import Database
from movieapp.errors import Invalid
from movieapp.evaluation.intervals import Estimate, difference
from movieapp.evaluation.protocol import Measured, Window, WindowName, measure, metric_names, window
from movieapp.lifecycle import recipes
from movieapp.lifecycle.stages import each
from movieapp.models.base import Model, Scores
from movieapp.models.heads import fingerprints
from movieapp.models.neighbours import unit
from movieapp.models.popularity import Popularity
from movieapp.models.rerank import STEP, ListAims, Reranked, Reranker
from movieapp.preparation.facts import read_facts
from movieapp.preparation.interactions import Histories, Interactions, read_ratings
from movieapp.preparation.split import Protocol, Split, filtered, random_split, replay_split, split
from movieapp.progress import Progress, parts, silent
from movieapp.sources.movielens import ingest

# Where an instance keeps its last comparison of all models, for the leaderboard page.
KEPT = "leaderboard.json"
# Where it keeps the last one of some of them, until all are compared again.
KEPT_SOME = "leaderboard-some.json"
# Where it keeps the last one that measured what list aims cost, for the sliders.
KEPT_AIMS = "aims.json"
# What every model is compared with, person by person.
BASELINES = ("popularity_7d", "item_knn")
PLAIN = "accuracy alone"
_STEPS = [STEP * n for n in range(1, round(1 / STEP) + 1)]
_LEANINGS = [*(-step for step in reversed(_STEPS)), *_STEPS]
AIMS = {
    PLAIN: ListAims(),
    "discover": ListAims(discover=True),
    **{f"diversity {value:g}": ListAims(diversity=value) for value in _STEPS},
    **{f"popularity {value:+g}": ListAims(popularity=value) for value in _LEANINGS},
    **{f"adventure {value:+g}": ListAims(adventure=value) for value in _LEANINGS},
    **{f"age {value:+g}": ListAims(age=value) for value in _LEANINGS},
}
# Scores that are kept while one model's lists are measured with every aim.
KEPT_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Entry:
    """One line of the leaderboard: a model, or a model's lists with an aim, measured in one window."""

    name: str
    measured: Measured
    fit_s: float
    parameters: dict[str, object]


@dataclass(frozen=True)
class Comparison:
    """Models side by side, and the lists of one of them (`aimed_at`) with aims beside accuracy.

    `is_whole` tells whether no model was left out.
    """

    release: str
    protocol: Protocol
    window: WindowName
    cutoff: datetime
    models: list[Entry]
    aims: list[Entry]
    aimed_at: str
    is_whole: bool

    def difference(self, name: str, baseline: str, *, slice_: str = "returning") -> Estimate | None:
        """Return how much higher one model's NDCG@10 is than another's for the same people."""
        values = {entry.name: entry.measured.per_user.get(slice_) for entry in self.models}
        ours, theirs = values.get(name), values.get(baseline)
        if name == baseline or ours is None or theirs is None:
            return None
        return difference(ours, theirs)[metric_names().index("ndcg@10")]

    def as_json(self) -> dict[str, Any]:
        """Return every figure with its interval as JSON values; "models" is about returning people."""
        baselines = [name for name in BASELINES if any(entry.name == name for entry in self.models)]
        return {
            "release": self.release,
            "protocol": str(self.protocol),
            "window": self.window,
            "cutoff": self.cutoff.isoformat(),
            "n_users": self.models[0].measured.n_users,
            "n_unknown_positives": self.models[0].measured.n_unknown_positives,
            "models": {entry.name: _figures(entry, "returning") for entry in self.models},
            "new_users": {
                entry.name: _figures(entry, "new") for entry in self.models if "new" in entry.measured.figures
            },
            "ndcg@10_minus": {
                baseline: {
                    entry.name: _as_json(gain)
                    for entry in self.models
                    if (gain := self.difference(entry.name, baseline)) is not None
                }
                for baseline in baselines
            },
            "new_users_ndcg@10_minus_popularity": {
                entry.name: _as_json(gain)
                for entry in self.models
                if (gain := self.difference(entry.name, "popularity", slice_="new")) is not None
            },
            "parameters": {entry.name: entry.parameters for entry in self.models},
            "aims": {"model": self.aimed_at}
            | {"lists": {entry.name: _figures(entry, "returning") for entry in self.aims}},
        }


@contextmanager
def release_in_memory(origin: Path, *, now: datetime) -> Iterator[Database]:
    """Read a release into a database that no instance sees."""
    if not origin.exists():
        raise Invalid(f"There is no file or folder {origin}. Give the path of a MovieLens release.")
    database = Database()
    try:
        database.migrate()
        ingest(database, origin=origin, replace=False, now=now)
        yield database
    finally:
        database.close()


def compare(
    database: Database,
    *,
    protocol: Protocol = Protocol.TIME,
    window_name: WindowName = "validation",
    seed: int,
    only: tuple[str, ...] = (),
    aims: bool = False,
    progress: Progress = silent,
) -> Comparison:
    """Fit and measure all models (or `only` some) on what lies before the window; nothing is stored.

    With `aims`, the lists of the model with the highest NDCG@10 are measured with each of `AIMS` as well.
    """
    ratings = read_ratings(database)
    window_ = window(_split(ratings, protocol, seed=seed), window_name, read_facts(database))
    if "returning" not in window_.cohorts or len(window_.cohorts["returning"].user_ids) == 0:
        raise Invalid(
            f"Nobody in the {window_name} window has a history: the release is too small to compare models."
        )
    every = recipes.leaderboard(n_ratings=ratings.height, seed=seed)
    models = _chosen(every, only)
    # A list with an aim is measured like a model, but nothing is fitted for it.
    ranking, listing = parts(progress, (2 * len(models), len(AIMS) if aims else 0))
    entries = []
    for (name, model), (fitting, measuring) in zip(models.items(), each(ranking, models), strict=True):
        fitting(f"fitting {name}", 0.0)
        started = time.perf_counter()
        model.fit(window_.fitting)
        fit_s = time.perf_counter() - started
        measuring(f"measuring {name}", 0.0)
        entries.append(Entry(name, measure(model, window_), fit_s, model.parameters))
    best = max(entries, key=lambda entry: entry.measured.figures["returning"]["ndcg@10"].value)
    return Comparison(
        release=str(database.read("catalog/dataset")["release"].item()),
        protocol=protocol,
        window=window_name,
        cutoff=window_.cutoff,
        models=entries,
        aims=_with_aims(models[best.name], window_, listing, seed=seed) if aims else [],
        aimed_at=best.name,
        is_whole=len(models) == len(every),
    )


def _figures(entry: Entry, slice_: str) -> dict[str, dict[str, float | None]]:
    seconds = {"fit_s": entry.fit_s, "recommend_all_s": entry.measured.recommend_all_s}
    return {name: _as_json(value) for name, value in entry.measured.figures[slice_].items()} | {
        name: {"value": value, "low": None, "high": None} for name, value in seconds.items()
    }


def _as_json(estimate: Estimate) -> dict[str, float | None]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def _with_aims(model: Model, window_: Window, progress: Progress, *, seed: int) -> list[Entry]:
    fitting = window_.fitting
    als = recipes.als(n_ratings=len(fitting.stars), seed=seed).fit(fitting)
    years = fitting.films.years
    reranker = Reranker(unit(als.items_), Popularity().fit(fitting).likes_, years)
    remembered = _Remembered(model)
    entries = []
    for done, (name, one) in enumerate(AIMS.items()):
        progress(f"lists with {name}", done / len(AIMS))
        listed = Reranked(remembered, reranker, one, known=window_.known)
        entries.append(Entry(name, measure(listed, window_), 0.0, {}))
    return entries


class _Remembered(Model):
    """A fitted model that scores the same people once: its lists are measured with one aim after another."""

    name = "remembered"

    def __init__(self, model: Model) -> None:
        self.model = model
        self.known: dict[bytes, Scores] = {}

    def fit(self, interactions: Interactions) -> "_Remembered":
        """Do nothing: the model within is fitted already."""
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return the model's scores, not to be written to; beyond the room for them, anew each time."""
        key = fingerprints(histories).tobytes()
        found = self.known.get(key)
        if found is None:
            found = self.model.scores(histories)
            if sum(scores.nbytes for scores in self.known.values()) + found.nbytes <= KEPT_BYTES:
                self.known[key] = found
        return found


def _split(ratings: pl.DataFrame, protocol: Protocol, *, seed: int) -> Split:
    match protocol:
        case Protocol.TIME:
            return split(filtered(ratings))
        case Protocol.REPLAY:
            return replay_split(ratings)
        case Protocol.RANDOM:
            return random_split(ratings, seed=seed)


def _chosen(models: dict[str, Model], only: tuple[str, ...]) -> dict[str, Model]:
    unknown = [name for name in only if name not in models]
    if unknown:
        raise Invalid(f"There is no model {unknown[0]!r}. Choose from: {', '.join(models)}.")
    return {name: model for name, model in models.items() if not only or name in only}
