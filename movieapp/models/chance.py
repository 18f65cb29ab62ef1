"""Chance: a fixed random order for each history, the floor under every comparison."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from movieapp.models.base import Model, Scores
from movieapp.preparation.interactions import Histories, Interactions


@dataclass
class Chance(Model):
    """Scores in [0, 1) that depend on the seed and on which films the person rated, and on nothing else."""

    name: ClassVar[str] = "random"
    seed: int = 7

    def fit(self, interactions: Interactions) -> Self:
        """Learn nothing."""
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return the same random scores whenever the same history is asked for, alone or among others."""
        films = _mixed(np.arange(histories.n_movies, dtype=np.uint64) + _mixed(np.array([self.seed])))
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(films[histories.columns], dtype=np.uint64)])
        people = _mixed(sums[histories.indptr[1:]] - sums[histories.indptr[:-1]])
        # A float32 holds 24 bits exactly.
        bits = _mixed(people[:, None] ^ films[None, :]) >> np.uint64(40)
        return bits.astype(np.float32) / np.float32(2**24)


def _mixed(values: NDArray[np.integer]) -> NDArray[np.uint64]:
    """Return well-spread 64-bit hashes: the last steps of SplitMix64 (Steele, Lea and Flood, 2014)."""
    mixed = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), np.uint64)
