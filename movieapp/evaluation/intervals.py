"""Uncertainty: percentile bootstrap over people (Efron and Tibshirani, 1993, chapter 13)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1_000
SEED = 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over people and its 95 % interval; the ends are None for what is not a mean over people."""

    value: float
    low: float | None
    high: float | None


def estimates(values: NDArray[np.float64], *, seed: int = SEED) -> list[Estimate]:
    """Return one estimate per column of `values` (people x metrics), from the same resamples for all."""
    means = resampled_means(values, seed=seed)
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    centre = values.mean(axis=0)
    return [Estimate(*map(float, ends)) for ends in zip(centre, low, high, strict=True)]


def difference(ours: NDArray[np.float64], theirs: NDArray[np.float64], *, seed: int = SEED) -> list[Estimate]:
    """Return the paired difference per metric: the same people, the same resamples, ours - theirs."""
    return estimates(ours - theirs, seed=seed)


def resampled_means(values: NDArray[np.float64], *, seed: int) -> NDArray[np.float64]:
    """Return (resamples x metrics): the means over people drawn with replacement."""
    n_people = len(values)
    draws = np.random.default_rng(seed).multinomial(n_people, np.full(n_people, 1 / n_people), RESAMPLES)
    means: NDArray[np.float64] = draws @ values / n_people
    return means
