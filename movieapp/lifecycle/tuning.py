"""The search for the parameters of ALS: a grid, measured on the validation window only."""

import itertools
import time
from dataclasses import asdict, dataclass
from typing import Any

from movieapp.database import Database
from movieapp.errors import NotReady
from movieapp.evaluation.intervals import Estimate
from movieapp.evaluation.protocol import measure, window
from movieapp.lifecycle.training import prepared
from movieapp.models.als import ALS
from movieapp.progress import Progress, silent

FACTORS = (8, 16, 32, 64)
ALPHAS = (1.0, 2.0, 5.0, 10.0, 20.0)
REGULARIZATIONS = (0.1, 1.0, 10.0, 30.0)
# Settings this near to the best NDCG@10 are as good as it: the interval is ten times as wide.
NEAR = 0.02


@dataclass(frozen=True)
class Trial:
    """One setting and how it did for returning users."""

    factors: int
    alpha: float
    regularization: float
    fit_s: float
    figures: dict[str, Estimate]

    def as_dict(self) -> dict[str, Any]:
        """Return the trial as JSON values."""
        return asdict(self)


def tune(
    database: Database, *, seed: int, limit: int | None = None, progress: Progress = silent
) -> list[Trial]:
    """Measure each setting of the grid on validation and return them, highest NDCG@10 first."""
    _, parts, facts = prepared(database)
    validation = window(parts, "validation", facts)
    if "returning" not in validation.cohorts or len(validation.cohorts["returning"].user_ids) == 0:
        raise NotReady("Nobody in the validation window has a history: there is nothing to tune on.")
    settings = list(itertools.product(FACTORS, ALPHAS, REGULARIZATIONS))[:limit]
    trials = []
    for done, (factors, alpha, regularization) in enumerate(settings):
        progress(
            f"factors {factors}, alpha {alpha:g}, regularization {regularization:g}", done / len(settings)
        )
        model = ALS(factors=factors, alpha=alpha, regularization=regularization, seed=seed)
        started = time.perf_counter()
        model.fit(validation.fitting)
        fit_s = time.perf_counter() - started
        figures = measure(model, validation).figures["returning"]
        trials.append(Trial(factors, alpha, regularization, fit_s, figures))
    return sorted(trials, key=lambda trial: -trial.figures["ndcg@10"].value)


def choose(trials: list[Trial]) -> Trial:
    """Return the setting to use: of those within 2 % of the best NDCG@10, the highest Recall@20."""
    best = max(trial.figures["ndcg@10"].value for trial in trials)
    near = [trial for trial in trials if trial.figures["ndcg@10"].value >= (1 - NEAR) * best]
    return max(near, key=lambda trial: trial.figures["recall@20"].value)
