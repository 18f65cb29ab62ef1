"""The ranker: gradient-boosted trees that put candidates in order (LambdaMART; Burges, 2010)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from movieapp.models.hybrid.trees import Trees

# Averaging over seeds takes away some of the luck of sampled features.
SEEDS = 4
ROUNDS = 50
TABLES = "trees"
SETTINGS = {
    "objective": "lambdarank",
    # All ways through a tree are listed: 64 with so many leaves, twice as many with one more.
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
    """Some boosters, whose answers are averaged: in LightGBM's text form, and as tables; neither where people
    gave too little to learn from."""

    texts: tuple[str, ...] = ()
    trees: Trees | None = None

    @classmethod
    def fit(cls, examples: Examples, *, seed: int) -> Self:
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
        boosters = [lightgbm.train(SETTINGS | {"seed": one}, data, ROUNDS) for one in seeds]
        return cls(tuple(booster.model_to_string() for booster in boosters), Trees.of(boosters))

    def save(self, folder: Path) -> None:
        """Write LightGBM's text form of each booster into a folder, and the tables beside."""
        folder.mkdir(parents=True, exist_ok=True)
        for place, text in enumerate(self.texts):
            (folder / f"ranker-{place}.txt").write_text(text, encoding="utf-8", newline="\n")
        if self.trees is not None:
            self.trees.save(folder / TABLES)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        texts = tuple(file.read_text(encoding="utf-8") for file in sorted(folder.glob("ranker-*.txt")))
        if not texts:
            return cls()
        if (folder / TABLES).is_dir():
            return cls(texts, Trees.load(folder / TABLES))
        # A version of a time before there were tables.
        import lightgbm

        return cls(texts, Trees.of([lightgbm.Booster(model_str=text) for text in texts]))
