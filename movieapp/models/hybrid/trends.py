"""Trends: what is liked of late, by whom, and since when each film has been there."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from movieapp.models.base import Scores, Stored
from movieapp.models.hybrid.timeline import DAY_S, oldest
from movieapp.preparation.facts import AGE, GENDER, OCCUPATION
from movieapp.preparation.interactions import Histories, Interactions

HALF_LIVES = (1.0, 3.0, 7.0, 30.0, 180.0)
# The instants at which the number of ratings per film is kept.
INSTANTS = 128
# ML-1M's age groups; 0 stands for unknown.
AGES = (18, 25, 35, 45, 50, 56)
GROUPS = ("gender", "age", "occupation")
# A group's own taste counts as this many likes per hundred films would have it.
PRIOR = 20.0


@dataclass
class Trends(Stored):
    """Counts of likes and ratings by age of the rating, by demographic group and along the years."""

    name: ClassVar[str] = "trends"

    def fit(self, interactions: Interactions) -> Self:
        """Set (movies,) counts: `liked_by_age_` (half-lives x movies), `likes_`, `ratings_` and others."""
        self._forget()
        n = interactions.shape[1]
        liked, columns = interactions.liked, interactions.columns
        self.now_ = np.int64(interactions.until - 1)
        age_days = (self.now_ - interactions.rated_at) / DAY_S
        fading = [0.5 ** (age_days / half_life) for half_life in HALF_LIVES]
        self.liked_by_age_ = np.stack([_count(columns[liked], weights[liked], n) for weights in fading])
        self.rated_week_ = _count(columns, fading[HALF_LIVES.index(7.0)], n)
        self.likes_ = _count(columns, liked, n)
        self.ratings_ = _count(columns, np.ones(len(columns)), n)
        self.first_ = np.full(n, self.now_)
        np.minimum.at(self.first_, columns, interactions.rated_at)
        joined = oldest(interactions.histories, otherwise=0)
        # Likes by people who had been here for a day: those on a first visit rate what is shown to them.
        back = liked & (interactions.rated_at - joined[interactions.rows] > DAY_S)
        self.liked_again_ = _count(columns[back], np.ones(back.sum()), n)
        self.liked_again_month_ = _count(columns[back], fading[HALF_LIVES.index(30.0)][back], n)
        above = interactions.stars - interactions.stars.mean(dtype=np.float64)
        self.stars_above_ = _count(columns, above, n) / (self.ratings_ + 10)
        overall = liked.mean()
        self.like_share_ = (self.likes_ + 5 * overall) / (self.ratings_ + 5)
        self._fit_course(interactions)
        self._fit_groups(interactions, fading[HALF_LIVES.index(30.0)])
        return self

    def popularity(self, half_life_days: float) -> NDArray[np.float64]:
        """Return (movies,): likes that fade with this half-life."""
        found: NDArray[np.float64] = self.liked_by_age_[HALF_LIVES.index(half_life_days)]
        return found

    @cached_property
    def orders(self) -> dict[str, NDArray[np.int64]]:
        """Everybody's lists by name, each (movies,) columns, best first; ties go to the lower column."""
        counts = {
            "popular_week": self.popularity(7.0),
            "popular_month": self.popularity(30.0),
            "popular": self.likes_,
            "liked_again_month": self.liked_again_month_,
        }
        return {name: np.argsort(-values, kind="stable") for name, values in counts.items()}

    @cached_property
    def totals(self) -> NDArray[np.float64]:
        """Ratings of all films up to each of `instants_`."""
        return self.course_.sum(axis=1, dtype=np.float64)

    def lift(self, histories: Histories, *, of_month: bool) -> list[Scores]:
        """Return, for gender, age and occupation, how much more a person's group likes each film.

        (people x movies) float32 log ratios to everybody's likes, 0 for an unknown group.
        """
        groups = groups_of(histories)
        tables = [getattr(self, f"lift_{name}{'_month' if of_month else ''}_") for name in GROUPS]
        return [table[np.minimum(groups[:, place], len(table) - 1)] for place, table in enumerate(tables)]

    def _fit_course(self, interactions: Interactions) -> None:
        """Ratings per film up to each of some instants that lie as many ratings apart."""
        n, total = interactions.shape[1], len(interactions.rated_at)
        self.instants_ = interactions.rated_at[np.linspace(0, total - 1, INSTANTS).astype(np.int64)]
        slots = np.searchsorted(self.instants_, interactions.rated_at)
        counts = _count(slots * n + interactions.columns, np.ones(total), INSTANTS * n)
        self.course_ = np.cumsum(counts.reshape(INSTANTS, n), axis=0).astype(np.float32)

    def _fit_groups(self, interactions: Interactions, fading: NDArray[np.float64]) -> None:
        n = interactions.shape[1]
        groups = groups_of(interactions.histories)[interactions.rows][interactions.liked]
        columns = interactions.columns[interactions.liked]
        for suffix, weights in (("", np.ones(len(columns))), ("_month", fading[interactions.liked])):
            everybody = _count(columns, weights, n) + 0.1
            everybody /= everybody.sum()
            for place, name in enumerate(GROUPS):
                # A group that a later person belongs to and nobody here does has the last, empty row.
                size = int(groups[:, place].max(initial=0)) + 2
                counts = _count(groups[:, place] * n + columns, weights, size * n).reshape(size, n)
                setattr(self, f"lift_{name}{suffix}_", _lift(counts, everybody))


def groups_of(histories: Histories) -> NDArray[np.int64]:
    """Return (people x 3) groups by gender, age and occupation; 0 where unknown."""
    found = np.zeros((len(histories), len(GROUPS)), np.int64)
    if histories.demographics is None:
        return found
    gender, age, occupation = (histories.demographics[:, place] for place in (GENDER, AGE, OCCUPATION))
    found[:, 0] = np.where(np.isnan(gender), 0, np.nan_to_num(gender) + 1)
    found[:, 1] = np.where(np.isnan(age), 0, np.digitize(np.nan_to_num(age), AGES) + 1)
    found[:, 2] = np.where(np.isnan(occupation), 0, np.nan_to_num(occupation) + 1)
    return found


def _lift(counts: NDArray[np.float64], everybody: NDArray[np.float64]) -> Scores:
    """Return log ratios (groups x movies) of each group's likes to everybody's, shrunk; 0 for nobody's."""
    n = counts.shape[1]
    total = counts.sum(axis=1, keepdims=True)
    prior = PRIOR * n / 100
    lift = np.log((counts + prior * everybody) / ((total + prior) * everybody))
    lift[0] = 0
    lift[total[:, 0] == 0] = 0
    return lift.astype(np.float32)


def _count(places: NDArray[np.integer], weights: NDArray[np.generic], n: int) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.bincount(places, weights, minlength=n).astype(np.float64)
    return found
