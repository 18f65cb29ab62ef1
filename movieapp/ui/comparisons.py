"""Comparisons of models as `compare` leaves them in the instance's folder, read for the leaderboard."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from movieapp.errors import Invalid
from movieapp.evaluation.intervals import Estimate
from movieapp.lifecycle.comparison import KEPT
from movieapp.ui.services import Services

COMMAND = "launcher.py compare --aims"


@dataclass(frozen=True, slots=True)
class Line:
    """A model, or a model's lists with an aim: the figures of returning people, and what else was measured.

    `new` is the NDCG@10 of new people; `minus` the difference in NDCG@10 to each baseline.
    """

    name: str
    figures: Mapping[str, Estimate]
    new: Estimate | None = None
    minus: Mapping[str, Estimate] = field(default_factory=dict)

    def value(self, metric: str) -> float:
        return self.figures[metric].value


@dataclass(frozen=True, slots=True)
class Board:
    """A comparison: its models by NDCG@10, best first, and the lists of `aimed_at` by aim.

    `compared_at` is None where the file is of a version that did not write it.
    """

    release: str
    protocol: str
    window: str
    cutoff: datetime
    n_users: Mapping[str, int]
    baselines: tuple[str, ...]
    models: tuple[Line, ...]
    aimed_at: str
    aims: tuple[Line, ...]
    compared_at: datetime | None


def last_comparison(services: Services, kept: str = KEPT) -> Board | None:
    """Read what `compare` left in the instance's folder; None before the first time, `Invalid` if broken."""
    if services.database.path is None:
        return None
    file = services.database.path.parent / kept
    try:
        return board(json.loads(file.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise Invalid(
            f"The last comparison cannot be read: {file.name} is damaged or of another version. "
            f"Write it anew: {COMMAND}."
        ) from error


def board(found: Mapping[str, Any]) -> Board:
    """Return a comparison from its JSON form; `ValueError`, `LookupError` or the like if it is none."""
    gains = {name: _estimates(of) for name, of in found["ndcg@10_minus"].items()}
    new = {name: _estimates(figures) for name, figures in found["new_users"].items()}
    models = [
        Line(
            name,
            figures,
            new.get(name, {}).get("ndcg@10"),
            {baseline: of[name] for baseline, of in gains.items() if name in of},
        )
        for name, figures in _lines(found["models"])
    ]
    if not models:
        raise ValueError("no models")
    return Board(
        release=str(found["release"]),
        protocol=str(found["protocol"]),
        window=str(found["window"]),
        cutoff=datetime.fromisoformat(found["cutoff"]),
        n_users={str(slice_): int(n) for slice_, n in found["n_users"].items()},
        baselines=tuple(gains),
        models=tuple(sorted(models, key=lambda line: -line.value("ndcg@10"))),
        aimed_at=str(found["aims"]["model"]),
        aims=tuple(Line(name, figures) for name, figures in _lines(found["aims"]["lists"])),
        compared_at=datetime.fromisoformat(found["compared_at"]) if "compared_at" in found else None,
    )


def _lines(found: Mapping[str, Any]) -> list[tuple[str, dict[str, Estimate]]]:
    lines = [(name, _estimates(figures)) for name, figures in found.items()]
    if any(metric not in figures for _, figures in lines for metric in ("ndcg@10", "coverage@100")):
        raise ValueError("a line without NDCG@10 or coverage@100")
    return lines


def _estimates(found: Mapping[str, Mapping[str, float | None]]) -> dict[str, Estimate]:
    def number(value: float | None) -> float | None:
        return None if value is None else float(value)

    return {
        name: Estimate(float(one["value"] or 0), number(one["low"]), number(one["high"]))
        for name, one in found.items()
    }
