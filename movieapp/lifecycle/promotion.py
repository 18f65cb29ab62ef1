"""Which version serves: the decision, its reasons in words and numbers, and the record of it."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from movieapp.database import Database
from movieapp.errors import Conflict, MovieAppError
from movieapp.models.bundle import Bundle
from movieapp.registry import Registry, Version, production


@dataclass(frozen=True)
class Decision:
    """Whether the challenger takes over, and why, as sentences and as numbers."""

    is_promoted: bool
    reasoning: str
    numbers: dict[str, float]


def champion_of(database: Database, data: Path) -> Version | None:
    """Return the version that serves, if it was trained on the release that the database holds."""
    version = production(data)
    return version if version is not None and version.dataset == dataset_checksum(database) else None


def dataset_checksum(database: Database) -> str:
    """Return what tells one release from another."""
    return str(database.read("catalog/dataset")["checksum"].item())


def decide(champion: Version | None, challenger: Version, figures: dict[str, float]) -> Decision:
    """Let the challenger serve where nothing that can serve is in place; else it waits in staging."""
    ours = f"Version {challenger.number} ({challenger.algorithm})"
    if champion is None:
        return Decision(True, f"{ours} serves because it is the first: there was nothing before it.", figures)
    if champion.dataset != challenger.dataset:
        reason = f"version {champion.number} was trained on another release and cannot be compared with it"
        return Decision(True, f"{ours} serves because {reason}.", figures)
    fault = _fault(champion)
    if fault is not None:
        reason = f"version {champion.number} cannot be loaded any more ({fault})"
        return Decision(True, f"{ours} serves because {reason}.", figures)
    reasoning = (
        f"{ours} waits in staging: version {champion.number} serves. "
        f"To let it serve: launcher.py promote {challenger.number}."
    )
    return Decision(False, reasoning, figures)


def by_hand(database: Database, registry: Registry, number: str, *, now: datetime) -> Decision:
    """Let a version serve because somebody says so."""
    challenger = registry.version(number)
    champion = registry.production()
    if challenger.dataset != dataset_checksum(database):
        raise Conflict(
            f"Version {number} was trained on another release than the one in the database. "
            "Train a new one: launcher.py train."
        )
    Bundle.load(challenger.serving_folder())
    decision = Decision(True, f"Version {number} ({challenger.algorithm}) was promoted by hand.", {})
    carry_out(database, registry, champion=champion, challenger=challenger, decision=decision, now=now)
    return decision


def _fault(champion: Version) -> str | None:
    try:
        Bundle.load(champion.serving_folder())
    except MovieAppError as error:
        return str(error)
    return None


def carry_out(
    database: Database,
    registry: Registry,
    *,
    champion: Version | None,
    challenger: Version,
    decision: Decision,
    now: datetime,
) -> Version:
    """Store the decision, then act on it; return the version that serves afterwards."""
    database.write(
        "lifecycle/record_decision",
        decided_at=now.replace(tzinfo=None),
        champion=champion.number if champion else None,
        challenger=challenger.number,
        is_promoted=decision.is_promoted,
        reasoning=decision.reasoning,
        numbers=json.dumps(decision.numbers),
    )
    if decision.is_promoted or champion is None:
        return registry.promote(challenger.number)
    # Asked again after the last write, so that the next start finds the answer without MLflow.
    return registry.production() or champion
