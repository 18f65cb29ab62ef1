"""Training: fit and measure every model, build the bundle of the one that is to serve, register it."""

import logging
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from movieapp.database import Database
from movieapp.errors import Invalid, NotReady
from movieapp.evaluation.intervals import Estimate
from movieapp.evaluation.protocol import Measured, Window, WindowName, measure, window
from movieapp.lifecycle import promotion, recipes
from movieapp.models.als import ALS
from movieapp.models.base import Model
from movieapp.models.bundle import Bundle
from movieapp.preparation.interactions import Interactions, read_ratings
from movieapp.preparation.split import Split, filtered, split
from movieapp.progress import Progress, silent
from movieapp.registry import MEASURED, SERVING, Registry, Version, flat

log = logging.getLogger(__name__)

# Under this, a window of 15 % has too few people to say anything, and the matrices are all but empty.
MIN_RATINGS = 100


@dataclass(frozen=True)
class Run:
    """One model, fitted and measured in one window."""

    name: str
    model: Model
    measured: Measured
    fit_s: float


@dataclass(frozen=True)
class Trained:
    """What a training left: the runs, the new version, the version that serves now, and why."""

    runs: list[Run]
    version: Version
    production: Version
    decision: promotion.Decision


def train(
    database: Database,
    open_registry: Callable[[], Registry],
    *,
    recipe: str = recipes.PRIMARY,
    seed: int,
    now: datetime,
    promote: bool = False,
    progress: Progress = silent,
) -> Trained:
    """Measure all models on validation, then register the recipe's bundle, fitted on everything.

    The registry is asked for once there is something to register: opening it takes seconds, which a caller
    can let pass beside the training.
    """
    ratings, parts = prepared(database)
    if recipe not in recipes.SERVED:
        raise Invalid(f"{recipe!r} is no model that can serve. Choose one of: {', '.join(recipes.SERVED)}.")
    validation = window(parts, "validation")
    runs = _runs(database, validation, n_ratings=ratings.height, seed=seed, progress=progress)
    chosen = next(run for run in runs if run.name == recipe)
    progress(f"training {recipe} on everything", 0.0)
    bundles = _bundles(ratings, validation, runs, chosen, seed=seed, now=now)
    progress("registering", 0.0)
    registry = open_registry()
    version = _register(database, registry, runs, chosen, bundles, now=now)
    champion = registry.production()
    decision = promotion.decide(champion, version, flat(chosen.measured.figures))
    if promote and not decision.is_promoted:
        decision = replace(
            decision, is_promoted=True, reasoning=f"Version {version.number} was promoted by hand."
        )
    production = promotion.carry_out(
        database, registry, champion=champion, challenger=version, decision=decision, now=now
    )
    return Trained(runs, version, production, decision)


def evaluate(
    database: Database,
    open_registry: Callable[[], Registry],
    *,
    window_name: WindowName,
    seed: int,
    now: datetime,
    progress: Progress = silent,
) -> list[Run]:
    """Fit all models on what lies before a window, measure them in it, and store the figures."""
    ratings, parts = prepared(database)
    runs = _runs(database, window(parts, window_name), n_ratings=ratings.height, seed=seed, progress=progress)
    _store(database, open_registry(), runs, now=now)
    return runs


def genre_matrix(database: Database, movie_ids: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return (movies x genres) bool for these movies, genres in alphabetical order."""
    pairs = database.read("features/movie_genres")
    genres = pairs["genre"].unique().sort()
    matrix = np.zeros((len(movie_ids), max(len(genres), 1)), bool)
    known = pairs.filter(pl.col("movie_id").is_in(movie_ids.tolist()))
    rows = np.searchsorted(movie_ids, known["movie_id"].to_numpy())
    matrix[rows, genres.search_sorted(known["genre"]).to_numpy()] = True
    return matrix


def prepared(database: Database) -> tuple[pl.DataFrame, Split]:
    """Return all ratings that models may see, filtered, and their split."""
    ratings = read_ratings(database)
    kept = filtered(ratings)
    if kept.height < MIN_RATINGS:
        raise NotReady(
            f"{kept.height} usable ratings are too few to train on: at least {MIN_RATINGS} are needed, "
            "by people with 5 and of movies with 10 or more. Ingest a release: launcher.py ingest."
        )
    return ratings, split(kept)


def _runs(database: Database, window: Window, *, n_ratings: int, seed: int, progress: Progress) -> list[Run]:
    genres = genre_matrix(database, window.fitting.movie_ids)
    runs = []
    models = recipes.models(n_ratings=n_ratings, seed=seed)
    for done, (name, model) in enumerate(models.items()):
        progress(f"training {name}", done / len(models))
        started = time.perf_counter()
        model.fit(window.fitting)
        fit_s = time.perf_counter() - started
        progress(f"evaluating {name}", (done + 0.5) / len(models))
        runs.append(Run(name, model, measure(model, window, genres), fit_s))
        log.info("trained model=%s window=%s fit_s=%.1f", name, window.name, fit_s)
    return runs


def _bundles(
    ratings: pl.DataFrame, validation: Window, runs: list[Run], chosen: Run, *, seed: int, now: datetime
) -> dict[str, Bundle]:
    """Return the measured fit and the serving fit of one recipe."""
    everything = Interactions.of(filtered(ratings))
    served = recipes.models(n_ratings=ratings.height, seed=seed)[chosen.name].fit(everything)
    embedding = served if isinstance(served, ALS) else recipes.als(n_ratings=ratings.height, seed=seed)
    if embedding is not served:
        embedding.fit(everything)
    measured_embedding = next(run.model for run in runs if isinstance(run.model, ALS))
    facts = {
        "algorithm": chosen.name,
        "trained_at": now.isoformat(),
        "parameters": chosen.model.parameters,
        "embedding_parameters": embedding.parameters,
        "validation_from": validation.cutoff.isoformat(),
        "metrics": {
            slice_: {
                name: [estimate.value, estimate.low, estimate.high] for name, estimate in estimates.items()
            }
            for slice_, estimates in chosen.measured.figures.items()
        },
        "n_users_measured": chosen.measured.n_users,
        "n_ratings": len(everything.stars),
    }
    measured_on = validation.fitting
    return {
        SERVING: Bundle.of(served, embedding, everything, facts=facts),
        MEASURED: Bundle.of(chosen.model, measured_embedding, measured_on, facts=facts),
    }


def _register(
    database: Database,
    registry: Registry,
    runs: list[Run],
    chosen: Run,
    bundles: dict[str, Bundle],
    *,
    now: datetime,
) -> Version:
    with tempfile.TemporaryDirectory() as folder:
        for name, bundle in bundles.items():
            bundle.save(Path(folder) / name)
        run_ids = _store(database, registry, runs, now=now, artifacts={chosen.name: Path(folder)})
    dataset = promotion.dataset_checksum(database)
    return registry.register(run_ids[chosen.name], algorithm=chosen.name, dataset=dataset)


def _store(
    database: Database,
    registry: Registry,
    runs: list[Run],
    *,
    now: datetime,
    artifacts: dict[str, Path] | None = None,
) -> dict[str, str]:
    """Log each run to MLflow and its figures to `evaluations`; return the run ids by model name."""
    release = str(database.read("catalog/dataset")["release"].item())
    run_ids = {}
    for run in runs:
        run_ids[run.name] = registry.log_run(
            f"{run.name} on {release}",
            parameters=run.model.parameters,
            metrics=flat(run.measured.figures) | {"fit_s": run.fit_s},
            tags={"release": release, "window": run.measured.window, "model": run.name},
            artifacts=(artifacts or {}).get(run.name),
        )
    database.append("lifecycle/record_evaluations", _figures(runs, run_ids, release=release, now=now))
    return run_ids


def _figures(runs: list[Run], run_ids: dict[str, str], *, release: str, now: datetime) -> pl.DataFrame:
    rows = [
        {
            "run_id": run_ids[run.name],
            "evaluated_at": now.replace(tzinfo=None),
            "release": release,
            "window": run.measured.window,
            "model": run.name,
            "slice": slice_,
            "metric": metric,
            "value": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
            "n_users": run.measured.n_users[slice_],
        }
        for run in runs
        for slice_, estimates in run.measured.figures.items()
        for metric, estimate in [*estimates.items(), ("fit_s", Estimate(run.fit_s, None, None))]
    ]
    return pl.DataFrame(rows, schema_overrides={"low": pl.Float64, "high": pl.Float64})
