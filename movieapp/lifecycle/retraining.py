"""The night's retraining: what came in since the last one, whether to train, and what became of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import polars as pl

from movieapp.database import Database, naive
from movieapp.lifecycle.promotion import reconcile
from movieapp.lifecycle.training import Trained, train
from movieapp.models.bundle import Bundle
from movieapp.progress import Progress, silent
from movieapp.registry import Registry, Stage

log = logging.getLogger(__name__)

# Before anything that a database can hold.
LONG_AGO = datetime(1800, 1, 1)


@dataclass(frozen=True)
class Arrived:
    """What came in since the last training: ratings, other events, and films that were asked for in vain
    and have ratings now.
    """

    n_ratings: int
    n_events: int
    n_movies: int

    def __str__(self) -> str:
        return ", ".join(
            f"{n:,} {one if n == 1 else many}"
            for n, one, many in (
                (self.n_ratings, "new rating", "new ratings"),
                (self.n_events, "other event", "other events"),
                (self.n_movies, "film that was asked for in vain", "films that were asked for in vain"),
            )
        )


@dataclass(frozen=True)
class Retrained:
    """What a retraining did. `trained` is None where there was nothing to train on.

    On "promoted" the caller swaps in `trained.production`.
    """

    outcome: Literal["skipped", "kept", "promoted"]
    summary: str
    arrived: Arrived
    trained: Trained | None


def retrain(
    database: Database,
    open_registry: Callable[[], Registry],
    *,
    seed: int,
    now: datetime,
    recipe: str | None = None,
    force: bool = False,
    require_significance: bool = False,
    quick: bool = False,
    progress: Progress = silent,
) -> Retrained:
    """Train on everything known by `now` and let the gate decide, unless nothing came in since the last time.

    `quick` is as in `train`.
    What `progress` raises ends it between two stages. Wherever it ends, and however, the version that serves
    stays what it was until the decision takes effect in a single step.
    """
    progress("looking for what is new", 0.0)
    until = naive(now)
    last = database.read("lifecycle/last_training")["trained_at"].item()
    arrived = Arrived(
        **database.read("lifecycle/arrived", since=last or LONG_AGO, until=until).row(0, named=True)
    )
    is_anything_new = arrived.n_ratings + arrived.n_events > 0
    if last is not None and not force and not is_anything_new:
        summary = f"Nothing came in since the last training ({last:%Y-%m-%d %H:%M} UTC), so none was needed."
        log.info("retrain skipped: %s", summary)
        return Retrained("skipped", summary, arrived, None)
    trained = train(
        database,
        open_registry,
        recipe=recipe,
        seed=seed,
        now=now,
        require_significance=require_significance,
        quick=quick,
        progress=progress,
    )
    is_promoted = trained.production.number == trained.version.number
    if is_promoted:
        known = Bundle.load(trained.production.serving_folder()).movie_ids
        database.append("lifecycle/forget_known_movies", pl.DataFrame({"movie_id": known}))
    why = f"Trained on what came in ({arrived})" if is_anything_new else "Trained, although nothing came in"
    summary = f"{why}. {trained.decision.reasoning}"
    log.info("retrain promoted=%s version=%s", is_promoted, trained.version.number)
    return Retrained("promoted" if is_promoted else "kept", summary, arrived, trained)


def clean_up(database: Database, registry: Registry) -> list[str]:
    """Put right what a process left that died in a training; return what was done, as sentences.

    Call it before anything else trains in this process. The version that serves stays what it is.
    """
    done = [*registry.tidy(), *reconcile(database, registry)]
    for sentence in done:
        log.warning("%s", sentence)
    # Asked after the last write, so that the next start finds the answer without MLflow.
    registry.production()
    return done


def prune(registry: Registry, *, keep: int) -> list[str]:
    """Delete the files of archived versions but the newest `keep`; return the numbers of those.

    Production, staging and the version that a rollback would bring back keep theirs.
    """
    previous = registry.previous()
    old = [
        version
        for version in registry.versions()
        if version.stage in (Stage.ARCHIVED, Stage.NONE)
        and not version.is_pruned
        and (previous is None or version.number != previous.number)
    ]
    for version in old[keep:]:
        registry.discard(version)
    registry.production()
    return [version.number for version in old[keep:]]
