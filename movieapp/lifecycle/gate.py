"""The gate: rules that hold a challenger's figures against the champion's, and what they found in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from movieapp.evaluation.intervals import SEED, Estimate, estimates, resampled_means
from movieapp.evaluation.protocol import COVERAGE_K, CUTOFFS

PRIMARY = "ndcg@10"
SECONDARY = (
    *(f"{name}@{k}" for name in ("precision", "recall", "hit_rate") for k in CUTOFFS),
    "ndcg@5",
    "ndcg@20",
    "mrr",
    # Of what people are shown: a model may be narrow where the order of serving widens it.
    f"served_coverage@{COVERAGE_K}",
)
LEAST_GAIN = 0.01
LARGEST_LOSS = 0.05
# A figure that lies on a limit keeps it, whatever the last bits of a quotient say.
HAIR = 1e-9


@dataclass(frozen=True)
class Change:
    """One metric of champion and challenger.

    `relative` is None for a rise from 0. `missed_by` is how far, in the same relative terms, the change lies
    outside its limit; None where it keeps it or has none.
    """

    before: float
    after: float
    relative: float | None
    missed_by: float | None


@dataclass(frozen=True)
class Verdict:
    """What the gate found: every metric's change, and the paired gain in NDCG@10 over `n_users` people.

    `probability` is the share of resamples in which the challenger is better; `unclear_by` is how far the
    interval reaches below 0, None where it need not be clear of it or is.
    """

    changes: dict[str, Change]
    gain: Estimate
    probability: float
    n_users: int
    unclear_by: float | None

    @property
    def passes(self) -> bool:
        """Whether the challenger keeps every rule."""
        return not self.failed

    @property
    def is_unchanged(self) -> bool:
        """Whether every metric is what it was, and so is NDCG@10 for each single person."""
        is_same = all(change.before == change.after for change in self.changes.values())
        return is_same and self.gain.low == self.gain.high == 0

    @property
    def failed(self) -> list[str]:
        """The metrics that miss their limit, NDCG@10 first, and "significance"."""
        missed = [metric for metric, change in self.changes.items() if change.missed_by is not None]
        return [*missed, *(["significance"] if self.unclear_by is not None else [])]

    def numbers(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "n_users": self.n_users,
            "metrics": {
                name: {
                    "before": change.before,
                    "after": change.after,
                    "relative_change": change.relative,
                    "missed_by": change.missed_by,
                }
                for name, change in self.changes.items()
            },
            "gain": {
                "metric": PRIMARY,
                "value": self.gain.value,
                "low": self.gain.low,
                "high": self.gain.high,
                "probability_better": self.probability,
                "unclear_by": self.unclear_by,
            },
            "failed": self.failed,
            "limits": {"least_gain": LEAST_GAIN, "largest_loss": LARGEST_LOSS},
        }


def gate(
    before: Mapping[str, float],
    after: Mapping[str, float],
    gains: NDArray[np.float64],
    *,
    require_significance: bool = False,
) -> Verdict:
    """Hold a challenger's metrics (`after`) against the champion's, measured on the same people.

    `gains` (people,) is what each person's NDCG@10 gains. NDCG@10 has to rise by 1 % of what it was, and no
    secondary metric may fall by more than 5 %; if asked, the interval of the gain has to lie above 0.
    """
    limits: dict[str, float] = {PRIMARY: LEAST_GAIN, **dict.fromkeys(SECONDARY, -LARGEST_LOSS)}
    names = [*limits, *(name for name in after if name in before and name not in limits)]
    values = gains[:, None].astype(np.float64)
    (gain,) = estimates(values)
    low = gain.low or 0.0
    return Verdict(
        changes={name: _change(before[name], after[name], limits.get(name)) for name in names},
        gain=gain,
        probability=float((resampled_means(values, seed=SEED) > 0).mean()),
        n_users=len(gains),
        unclear_by=-low if require_significance and low <= 0 else None,
    )


def sentences(verdict: Verdict) -> str:
    """Return a verdict as a person reads it: the gain and how sure it is, then each rule that failed."""
    gain = verdict.gain
    people = f"On the same {verdict.n_users} returning users of the validation window"
    if verdict.is_unchanged:
        return (
            f"{people}, nothing has changed: every figure is what it was, NDCG@10 "
            f"{verdict.changes[PRIMARY].after:.4f}; at least {_percent(LEAST_GAIN)} more is asked."
        )
    return " ".join(
        [
            f"{people}, NDCG@10 {_moved(verdict.changes[PRIMARY])}; "
            f"at least {_percent(LEAST_GAIN)} is asked.",
            f"The difference is {gain.value:+.4f} with a 95 % interval from {gain.low:+.4f} to "
            f"{gain.high:+.4f}; the challenger is better with a probability of "
            f"{100 * verdict.probability:.0f} %.",
            *_failures(verdict),
        ]
    )


def _change(before: float, after: float, limit: float | None) -> Change:
    if before == 0 < after:
        return Change(before, after, None, None)
    relative = after / before - 1 if before else 0.0
    is_missed = limit is not None and relative < limit - HAIR
    return Change(before, after, relative, limit - relative if limit is not None and is_missed else None)


def _failures(verdict: Verdict) -> list[str]:
    said = []
    fallen = [name for name in verdict.failed if name in SECONDARY]
    missed = verdict.changes[PRIMARY].missed_by
    if missed is not None:
        said.append(f"That is {_points(missed)} too little.")
    if verdict.unclear_by is not None:
        said.append(
            f"The interval was asked to lie above 0, and reaches {verdict.unclear_by:.4f} below it."
            if verdict.unclear_by > 0
            else "The interval was asked to lie above 0, and begins there."
        )
    for name in fallen:
        change = verdict.changes[name]
        said.append(
            f"{_shown(name)} {_moved(change)}, {_points(change.missed_by or 0.0)} more than the "
            f"{_percent(LARGEST_LOSS)} allowed."
        )
    if not fallen:
        said.append(f"None of the {len(SECONDARY)} other metrics fell by more than {_percent(LARGEST_LOSS)}.")
    return said


def _moved(change: Change) -> str:
    ends = f"from {change.before:.4f} to {change.after:.4f}"
    if change.relative is None:
        return f"rose {ends}"
    if change.relative == 0:
        return f"stayed at {change.after:.4f}"
    return f"{'rose' if change.relative > 0 else 'fell'} {ends} ({100 * change.relative:+.2f} %)"


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def _points(share: float) -> str:
    points = f"{100 * share:.2g}"
    return f"{points} percentage point{'' if points == '1' else 's'}"


def _shown(metric: str) -> str:
    name, _, k = metric.partition("@")
    words = {"ndcg": "NDCG", "mrr": "MRR", "hit_rate": "Hit Rate", "served_coverage": "Served coverage"}
    return words.get(name, name.capitalize()) + (f"@{k}" if k else "")
