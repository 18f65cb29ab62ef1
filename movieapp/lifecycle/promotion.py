"""Which version serves: the decision with its reasons, by the gate or by hand, and its record."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from movieapp.database import Database, naive
from movieapp.errors import Conflict, Invalid, MovieAppError
from movieapp.lifecycle.gate import Verdict, sentences
from movieapp.models.bundle import Bundle
from movieapp.registry import Registry, Stage, Version, production

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decision:
    """Whether the challenger takes over, and why, as sentences and as numbers (JSON values)."""

    is_promoted: bool
    reasoning: str
    numbers: dict[str, Any]
    made_by: Literal["gate", "hand", "rollback"] = "gate"


def champion_of(database: Database, data: Path) -> Version | None:
    """Return the version that serves, if it was trained on the release that the database holds."""
    version = production(data)
    return version if version is not None and version.dataset == dataset_checksum(database) else None


def dataset_checksum(database: Database) -> str:
    """Return what tells one release from another."""
    return str(database.read("catalog/dataset")["checksum"].item())


def is_provisional(database: Database, champion: Version) -> bool:
    """Return whether what serves comes from a quick training, and nobody chose it by hand."""
    made_by = database.read("lifecycle/last_promotion")["made_by"].to_list()
    return is_quick(champion) and made_by in ([], ["gate"])


def is_quick(version: Version) -> bool:
    """Return whether a version comes from a quick training, which has no model of stars."""
    return not (version.serving_folder() / "stars").is_dir()


def decide(
    champion: Version | None,
    challenger: Version,
    figures: Mapping[str, float],
    compare: Callable[[Version], Verdict],
    *,
    replaces_provisional: bool = False,
) -> Decision:
    """Let the challenger serve where nothing that can serve is in place; else the gate decides.

    `figures` are the challenger's metrics; `compare` measures the champion beside it, or says why it cannot.
    `replaces_provisional` says that the champion was only to serve until a full training is done.
    """
    ours = f"Version {challenger.number} ({challenger.algorithm})"
    alone: dict[str, Any] = {"metrics": {name: {"after": value} for name, value in figures.items()}}
    if champion is None:
        return Decision(True, f"{ours} serves because it is the first: there was nothing before it.", alone)
    theirs = f"version {champion.number} ({champion.algorithm})"
    if champion.dataset != challenger.dataset:
        reason = f"{theirs} was trained on another release and cannot be compared with it"
        return Decision(True, f"{ours} serves because {reason}.", alone)
    fault = _fault(champion)
    if fault is not None:
        return Decision(True, f"{ours} serves because {theirs} cannot be loaded any more ({fault})", alone)
    if replaces_provisional and not is_quick(challenger):
        reason = f"{theirs} came from the quick training of the first start, and this is the first full one"
        return Decision(True, f"{ours} serves because {reason}.", alone)
    try:
        verdict = compare(champion)
    except MovieAppError as problem:
        reasoning = _waits(ours, theirs, f"the two cannot be compared. {problem}", challenger)
        return Decision(False, reasoning, {**alone, "not_comparable": str(problem)})
    if verdict.passes:
        return Decision(True, f"{ours} takes over from {theirs}. {sentences(verdict)}", verdict.numbers())
    reasoning = _waits(ours, theirs, f"the evidence does not suffice. {sentences(verdict)}", challenger)
    return Decision(False, reasoning, verdict.numbers())


def overruled(decision: Decision, challenger: Version) -> Decision:
    """Return the promotion by hand of what the gate kept waiting, with what the gate found."""
    reasoning = f"Version {challenger.number} was promoted by hand. Without that: {decision.reasoning}"
    return Decision(True, reasoning, decision.numbers, "hand")


def by_hand(
    database: Database, registry: Registry, number: str, *, reason: str | None = None, now: datetime
) -> Decision | None:
    """Let a version serve because somebody says so; refuse one that cannot. None if it serves already."""
    champion, challenger = registry.production(), registry.version(number)
    if champion is not None and champion.number == challenger.number:
        return None
    said = f"Version {number} ({challenger.algorithm}) was promoted by hand"
    decision = Decision(True, _because(said, reason), {}, "hand")
    return _put_in_place(database, registry, champion, challenger, decision, now=now)


def roll_back(
    database: Database, registry: Registry, *, reason: str | None = None, now: datetime
) -> Decision:
    """Let the version serve again that served before the one in production."""
    champion, challenger = registry.production(), registry.previous()
    if champion is None or challenger is None:
        raise Conflict(
            "There is no earlier production version to go back to. "
            "Choose a version yourself: launcher.py promote VERSION."
        )
    said = f"Version {challenger.number} ({challenger.algorithm}) serves again instead of {champion.number}"
    decision = Decision(True, _because(said, reason), {}, "rollback")
    return _put_in_place(database, registry, champion, challenger, decision, now=now)


def carry_out(
    database: Database,
    registry: Registry,
    *,
    champion: Version | None,
    challenger: Version,
    decision: Decision,
    now: datetime,
) -> Version:
    """Act on a decision and store it; return the version that serves afterwards.

    It is kept with the version first, so that `reconcile` can finish the record if the process dies in
    between; what counts is the one step in which the registry lets another version serve.
    """
    record = {
        "decided_at": naive(now).isoformat(),
        "champion": champion.number if champion else None,
        "challenger": challenger.number,
        "is_promoted": decision.is_promoted,
        "made_by": decision.made_by,
        "reasoning": decision.reasoning,
        "numbers": decision.numbers,
    }
    registry.note_decision(challenger, record=record, metrics=_metrics(decision.numbers))
    if decision.made_by == "rollback":
        registry.roll_back()
    elif decision.is_promoted:
        registry.promote(challenger.number)
    _record(database, record)
    log.info("decided by=%s: %s", decision.made_by, decision.reasoning)
    # Asked again after the last write, so that the next start finds the answer without MLflow.
    serving = registry.production()
    assert serving is not None
    return serving


def reconcile(database: Database, registry: Registry) -> list[str]:
    """Bring versions and decisions together after a process died between them; return what was done.

    A promotion that took effect is recorded; a version whose decision did not is archived.
    """
    decided = {(row[0], row[1]) for row in database.read("lifecycle/decided").rows()}
    challengers = {challenger for challenger, _ in decided}
    done = []
    for version in registry.versions():
        if version.stage is Stage.ARCHIVED:
            continue
        record = registry.noted_decision(version.number)
        is_serving = version.stage is Stage.PRODUCTION
        if (
            record is not None
            and record["is_promoted"] is is_serving
            and (version.number, datetime.fromisoformat(record["decided_at"])) not in decided
        ):
            _record(database, record)
            done.append(f"The decision about version {version.number} is recorded.")
        elif version.number not in challengers and not is_serving:
            registry.archive(version.number)
            done.append(f"Version {version.number} is archived: its training ended before a decision.")
    return done


def _put_in_place(
    database: Database,
    registry: Registry,
    champion: Version | None,
    challenger: Version,
    decision: Decision,
    *,
    now: datetime,
) -> Decision:
    """Check that a version can serve here, then let it; return the decision."""
    if challenger.stage is Stage.NONE:
        raise Invalid(
            f"Version {challenger.number} was never completely registered, so it cannot serve. "
            "Train again: launcher.py train."
        )
    if challenger.dataset != dataset_checksum(database):
        raise Conflict(
            f"Version {challenger.number} was trained on another release than the one in the database. "
            "Train a new one: launcher.py train."
        )
    Bundle.load(challenger.serving_folder())
    carry_out(database, registry, champion=champion, challenger=challenger, decision=decision, now=now)
    return decision


def _record(database: Database, record: Mapping[str, Any]) -> None:
    values = {**record, "decided_at": datetime.fromisoformat(record["decided_at"])}
    database.write("lifecycle/record_decision", **{**values, "numbers": json.dumps(record["numbers"])})


def _metrics(numbers: Mapping[str, Any]) -> dict[str, float]:
    """Return the numbers that MLflow can plot: those of the gate, by name."""
    found = {
        f"gate/{name}/{kind}": value
        for name, kinds in numbers.get("metrics", {}).items()
        for kind, value in kinds.items()
    }
    found |= {f"gate/gain/{kind}": value for kind, value in numbers.get("gain", {}).items()}
    return {name: float(value) for name, value in found.items() if isinstance(value, (int, float))}


def _waits(ours: str, theirs: str, why: str, challenger: Version) -> str:
    return (
        f"{ours} waits in staging and {theirs} keeps serving: {why} "
        f"To let it serve all the same: launcher.py promote {challenger.number}."
    )


def _because(said: str, reason: str | None) -> str:
    return f"{said}: {reason}" if reason else f"{said}; no reason was given."


def _fault(champion: Version) -> str | None:
    try:
        Bundle.load(champion.serving_folder())
    except MovieAppError as error:
        return str(error)
    return None
