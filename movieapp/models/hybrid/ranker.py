"""The ranker: gradient-boosted trees that put candidates in order (LambdaMART; Burges, 2010)."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from lightgbm import Booster

# Averaging over seeds takes away some of the luck of sampled features.
SEEDS = 4
ROUNDS = 50
SETTINGS = {
    "objective": "lambdarank",
    "num_leaves": 7,
    "learning_rate": 0.2,
    "feature_fraction": 0.2,
    "min_data_in_leaf": 100,
    "lambdarank_truncation_level": 15,
    "max_bin": 63,
    "lambda_l2": 5.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "verbose": -1,
}
# Up to so many rows come of a request, which somebody waits for: two boosters at once take 4 ms instead of 6.
ROWS_OF_A_REQUEST = 1_000
_two_at_once = ThreadPoolExecutor(2, thread_name_prefix="ranker")


@dataclass(frozen=True, eq=False)
class Examples:
    """Described candidates with answers: `values` (pairs x features) float32, `is_liked` (pairs,) bool, and
    `sizes` (people,) the number of pairs of each person, who come one after another."""

    values: NDArray[np.float32]
    is_liked: NDArray[np.bool_]
    sizes: NDArray[np.int64]

    @classmethod
    def joined(cls, parts: "Sequence[Examples]") -> "Examples":
        """Put the examples of several cut-offs one after another."""
        return cls(
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.is_liked for part in parts]),
            np.concatenate([part.sizes for part in parts]),
        )


@dataclass
class Ranker:
    """Some boosters, whose answers are averaged."""

    boosters: "list[Booster]" = field(default_factory=list)

    @classmethod
    def fit(cls, examples: Examples, *, seed: int) -> "Ranker":
        """Learn to put the liked candidates of each person first."""
        # Its import takes a second and more, which whoever waits for the first page need not wait for.
        import lightgbm

        data = lightgbm.Dataset(
            examples.values,
            examples.is_liked.astype(np.int8),
            group=examples.sizes,
            params=SETTINGS,
            free_raw_data=False,
        )
        seeds = range(seed, seed + SEEDS)
        return cls([lightgbm.train(SETTINGS | {"seed": one}, data, ROUNDS) for one in seeds])

    def scores(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return a score per row of (pairs x features)."""
        return self._mean(values)

    def contributions(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return (pairs x features): what each feature adds to a score (TreeSHAP; Lundberg et al., 2018)."""
        return self._mean(values, pred_contrib=True)[:, :-1]

    def _mean(self, values: NDArray[np.float32], **how: Any) -> NDArray[np.float64]:
        # One thread a booster: threads of LightGBM's own wait for each other, tens of milliseconds on a busy
        # machine.
        predict = partial(_predicted, values=values, how=how)
        is_of_request = len(values) <= ROWS_OF_A_REQUEST
        parts = _two_at_once.map(predict, self.boosters) if is_of_request else map(predict, self.boosters)
        return np.asarray(np.mean(list(parts), axis=0), np.float64)

    def save(self, folder: Path) -> None:
        """Write LightGBM's text form of each booster into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for place, booster in enumerate(self.boosters):
            booster.save_model(folder / f"ranker-{place}.txt")

    @classmethod
    def load(cls, folder: Path) -> "Ranker":
        """Read what `save` wrote."""
        files = sorted(folder.glob("ranker-*.txt"))
        if not files:
            return cls()
        import lightgbm

        return cls([lightgbm.Booster(model_file=str(file)) for file in files])


def _predicted(
    booster: "Booster", *, values: NDArray[np.float32], how: dict[str, Any]
) -> NDArray[np.float64]:
    return np.asarray(booster.predict(values, num_threads=1, **how))
