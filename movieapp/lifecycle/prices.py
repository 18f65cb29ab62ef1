"""What the aims of a list cost and bring, as `compare --aims` measured it: here, or else on ML-100K."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from movieapp.lifecycle.comparison import AIMS, KEPT_AIMS, PLAIN

# Part of what `launcher.py compare --from ml-100k.zip --models hybrid --aims --json FILE` wrote.
SHIPPED = Path(__file__).with_name("aims_on_ml_100k.json")
# The figures that prices are told in: films liked later among the first ten, and what the lists are like.
PRICED = {
    "hits": "precision@10",
    "ndcg": "ndcg@10",
    "new_to_you": "new_to_you@10",
    "diversity": "diversity@10",
    "coverage": "coverage@100",
}


@dataclass(frozen=True, slots=True)
class Price:
    """An aim, named as in `AIMS`, and by which part each figure changed: -0.04 is 4 % less than without."""

    aim: str
    changes: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Prices:
    """What was measured: whose lists, on which release and window, for how many people."""

    release: str
    window: str
    model: str
    n_users: int
    is_own: bool
    prices: tuple[Price, ...]

    def of(self, aim: str) -> Price | None:
        """Return the price of an aim, None where it was not measured."""
        return next((price for price in self.prices if price.aim == aim), None)


def measured_prices(database: Path | None) -> Prices:
    """Return the prices of the instance's own last comparison; without one of all aims, those of ML-100K."""
    if database is not None:
        try:
            return _prices(json.loads((database.parent / KEPT_AIMS).read_bytes()), is_own=True)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, ZeroDivisionError):
            # None yet, or broken or of another version, of which the leaderboard page tells.
            pass
    return _prices(json.loads(SHIPPED.read_bytes()), is_own=False)


def _prices(found: Mapping[str, Any], *, is_own: bool) -> Prices:
    lists = found["aims"]["lists"]
    plain = lists[PLAIN]
    return Prices(
        release=str(found["release"]),
        window=str(found["window"]),
        model=str(found["aims"]["model"]),
        n_users=int(found["n_users"]["returning"]),
        is_own=is_own,
        prices=tuple(
            Price(aim, {name: _change(lists[aim], plain, metric) for name, metric in PRICED.items()})
            for aim in AIMS
            if aim != PLAIN
        ),
    )


def _change(figures: Mapping[str, Any], plain: Mapping[str, Any], metric: str) -> float:
    return float(figures[metric]["value"]) / float(plain[metric]["value"]) - 1
