"""Training: fit and measure every model, build the bundle of the one that is to serve, register it."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import polars as pl

from movieapp.database import Database, naive
from movieapp.errors import Invalid, NotReady
from movieapp.evaluation.intervals import Estimate
from movieapp.evaluation.protocol import Measured, Window, WindowName, measure, metric_names, window
from movieapp.lifecycle import promotion, recipes
from movieapp.lifecycle.gate import PRIMARY, Verdict, gate
from movieapp.lifecycle.measured_fit import NotComparable, measured_fit
from movieapp.lifecycle.stages import Stages, each
from movieapp.models.als import ALS
from movieapp.models.base import Model
from movieapp.models.bundle import Bundle
from movieapp.models.stars import Stars
from movieapp.preparation.facts import Facts, read_facts
from movieapp.preparation.interactions import Interactions, read_ratings
from movieapp.preparation.split import Split, filtered, split
from movieapp.progress import Progress, silent
from movieapp.registry import MEASURED, SERVING, Registry, Version, flat

log = logging.getLogger(__name__)

# Under this, a window of 15 % has too few people to say anything, and the matrices are all but empty.
MIN_RATINGS = 100
# Models this near to the best NDCG@10 are as good as it: the interval is many times as wide.
NEAR = 0.01


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
    recipe: str | None = None,
    seed: int,
    now: datetime,
    promote: bool = False,
    require_significance: bool = False,
    quick: bool = False,
    progress: Progress = silent,
) -> Trained:
    """Measure all models on validation, register one fitted on everything, and decide whether it serves.

    Without a `recipe` it is the best of those that may serve; a `quick` training leaves out what takes
    longer than seconds, the hybrid and the model of stars, for somebody who waits for the first films. The
    registry is asked for once there is something to register: opening it takes seconds, which a caller can
    let pass beside the training. `progress` is told the share of the whole. What it raises ends the training
    between two stages; nothing that serves has changed then.
    """
    ratings, parts, facts = prepared(database)
    if recipe not in (None, *recipes.SERVED):
        raise Invalid(f"{recipe!r} is no model that can serve. Choose one of: {', '.join(recipes.SERVED)}.")
    validation = window(parts, "validation", facts)
    family = recipes.quick if quick else recipes.models
    models = family(n_ratings=ratings.height, seed=seed)
    stages = Stages.of(progress, quick=quick)
    runs = _runs(validation, models, stages.measuring)
    chosen = next(run for run in runs if run.name == (recipe or best_of(runs)))
    stages.fitting(f"training {chosen.name} on everything", 0.0)
    served = family(n_ratings=ratings.height, seed=seed)[chosen.name]
    stars = None if quick else Stars(seed=seed)
    bundles = _bundles(
        Interactions.of(filtered(ratings), facts), validation, runs, chosen, served, stars, stages, now=now
    )
    stages.registering("registering", 0.0)
    registry = open_registry()
    version = _register(database, registry, runs, chosen, bundles, now=now)
    stages.comparing("comparing with the version that serves", 0.0)
    champion = registry.production()
    decision = promotion.decide(
        champion,
        version,
        _figures_of(chosen.measured),
        lambda champion: compared(
            champion, chosen.measured, validation, require_significance=require_significance
        ),
        replaces_provisional=champion is not None and promotion.is_provisional(database, champion),
    )
    if promote and not decision.is_promoted:
        decision = promotion.overruled(decision, version)
    production = promotion.carry_out(
        database, registry, champion=champion, challenger=version, decision=decision, now=now
    )
    return Trained(runs, version, production, decision)


def best_of(runs: list[Run]) -> str:
    """Return the name of the model to serve: of those within 1 % of the best NDCG@10, the first in SERVED."""
    by_name = {run.name: _figures_of(run.measured).get(PRIMARY, 0.0) for run in runs}
    may_serve = [name for name in recipes.SERVED if name in by_name]
    best = max(by_name[name] for name in may_serve)
    return next(name for name in may_serve if by_name[name] >= (1 - NEAR) * best)


def compared(
    champion: Version, challenger: Measured, window: Window, *, require_significance: bool
) -> Verdict:
    """Score the champion's measured fit in the challenger's window, and hold the two against each other.

    Refuses with `NotComparable` where that fit has seen part of the window, or nobody is in it.
    """
    if "returning" not in challenger.figures:
        raise NotComparable("Nobody in the validation window has a history.")
    measured = measure(measured_fit(champion, window), window)
    column = metric_names().index(PRIMARY)
    return gate(
        _figures_of(measured),
        _figures_of(challenger),
        challenger.per_user["returning"][:, column] - measured.per_user["returning"][:, column],
        require_significance=require_significance,
    )


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
    ratings, parts, facts = prepared(database)
    models = recipes.models(n_ratings=ratings.height, seed=seed)
    runs = _runs(window(parts, window_name, facts), models, progress)
    _store(database, open_registry(), runs, now=now)
    return runs


def prepared(database: Database) -> tuple[pl.DataFrame, Split, Facts]:
    """Return all ratings that models may see, the split of the filtered ones, and the other facts."""
    ratings = read_ratings(database)
    kept = filtered(ratings)
    if kept.height < MIN_RATINGS:
        raise NotReady(
            f"{kept.height} usable ratings are too few to train on: at least {MIN_RATINGS} are needed, "
            "by people with 5 and of movies with 10 or more. Ingest a release: launcher.py ingest."
        )
    return ratings, split(kept), read_facts(database)


def _runs(window: Window, models: dict[str, Model], progress: Progress) -> list[Run]:
    runs = []
    for (name, model), (fitting, measuring) in zip(models.items(), each(progress, models), strict=True):
        fitting(f"training {name}", 0.0)
        started = time.perf_counter()
        model.fit_watched(window.fitting, partial(fitting, f"training {name}"))
        fit_s = time.perf_counter() - started
        measuring(f"evaluating {name}", 0.0)
        runs.append(Run(name, model, measure(model, window), fit_s))
        log.info("trained model=%s window=%s fit_s=%.1f", name, window.name, fit_s)
    return runs


def _figures_of(measured: Measured) -> dict[str, float]:
    """Return the metrics of returning users; none where there are no such users."""
    return {name: estimate.value for name, estimate in measured.figures.get("returning", {}).items()}


def _bundles(
    everything: Interactions,
    validation: Window,
    runs: list[Run],
    chosen: Run,
    served: Model,
    stars: Stars | None,
    stages: Stages,
    *,
    now: datetime,
) -> dict[str, Bundle]:
    """Return the measured fit and the serving fit of one recipe."""
    measured_embedding = next(run.model for run in runs if isinstance(run.model, ALS))
    with ThreadPoolExecutor(1) as beside:
        # Most of both runs outside Python's lock: together they take hardly longer than the slower one.
        fitted = None if stars is None else beside.submit(stars.fit, everything)
        served.fit_watched(everything, partial(stages.fitting, f"training {chosen.name} on everything"))
        embedding = served if isinstance(served, ALS) else replace(measured_embedding).fit(everything)
        if fitted is not None:
            stages.fitting("training the model of stars", 1.0)
            fitted.result()
    stages.listing("working everybody's lists out", 0.0)
    about = {
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
        SERVING: Bundle.of(served, embedding, everything, facts=about, stars=stars, n_heads=recipes.N_HEADS),
        MEASURED: Bundle.of(chosen.model, measured_embedding, measured_on, facts=about),
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
    with registry.scratch() as folder:
        for name, bundle in bundles.items():
            bundle.save(folder / name)
        run_ids = _store(database, registry, runs, now=now, artifacts={chosen.name: folder})
    dataset = promotion.dataset_checksum(database)
    return registry.register(run_ids[chosen.name], algorithm=chosen.name, dataset=dataset, now=now)


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
            "evaluated_at": naive(now),
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
