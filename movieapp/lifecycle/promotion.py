"""Which version serves: the decision, its reasons in words and numbers, and the record of it."""

import json
from dataclasses import dataclass
from datetime import datetime

from movieapp.database import Database
from movieapp.registry import Registry, Version


@dataclass(frozen=True)
class Decision:
    """Whether the challenger takes over, and why, as sentences and as numbers."""

    is_promoted: bool
    reasoning: str
    numbers: dict[str, float]


def decide(champion: Version | None, challenger: Version, figures: dict[str, float]) -> Decision:
    """Promote the first version of a release; leave every later one in staging for a person to promote."""
    if champion is None:
        reasoning = (
            f"Version {challenger.number} ({challenger.algorithm}) serves because it is the first: "
            "there was no production version to compare it with."
        )
        return Decision(True, reasoning, figures)
    if champion.dataset != challenger.dataset:
        reasoning = (
            f"Version {challenger.number} ({challenger.algorithm}) serves because version {champion.number} "
            "was trained on another release and cannot be compared with it."
        )
        return Decision(True, reasoning, figures)
    reasoning = (
        f"Version {challenger.number} ({challenger.algorithm}) waits in staging: version {champion.number} "
        "serves. Promote it by hand with launcher.py train --promote."
    )
    return Decision(False, reasoning, figures)


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
