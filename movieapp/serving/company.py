"""What each of several people thinks of each film, and a mean that is fair to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from movieapp.serving.histories import History
from movieapp.serving.lists import Expected
from movieapp.serving.live import Live
from movieapp.serving.people import ForLists

# Aversion to inequality where the slider stands in the middle: of two people with 3 and 4.5 stars, a bit more
# for the first counts five times as much there as for the second.
AVERSION = 4.0
# No power mean is defined at 0 and below; half a star is the least that anybody can give.
LEAST = {"stars": 0.5, "percentile": 0.01}
MOST = {"stars": 5.0, "percentile": 1.0}


class Scale(StrEnum):
    """What values are: stars or, without a model of stars, the share of films that suit one no better."""

    STARS = "stars"
    PERCENTILE = "percentile"


class Suits(NamedTuple):
    """How a film suits one person: the value on the answer's scale; what they gave it, or how sure it is."""

    user_id: int
    value: float
    given: float | None
    spread: float | None


def fair_mean(values: NDArray[np.floating], fairness: float) -> NDArray[np.float64]:
    """Return the mean over people of (people x films) positive values, the more of the least the fairer.

    It is the power mean (mean of x^p)^(1/p) with p = 1 - AVERSION * fairness / (1 - fairness): the average at
    0, the minimum at 1. In Atkinson's words it is the equally distributed equivalent, and 1 - p the aversion
    to inequality (Atkinson, 1970, "On the measurement of inequality").
    """
    least = values.min(axis=0).astype(np.float64)
    if fairness >= 1:
        return least
    power = 1 - AVERSION * fairness / (1 - fairness)
    # Beside the least, so that no power overflows.
    ratios = values / least
    if abs(power) < 1e-9:
        mean: NDArray[np.float64] = least * np.exp(np.log(ratios).mean(axis=0))
    else:
        mean = least * (ratios**power).mean(axis=0) ** (1 / power)
    return mean


@dataclass(frozen=True, eq=False)
class Company:
    """People about whom the live version knows something, and what they think of each movie it knows.

    `values` (people x movies) float64 are positive; `given` (people x movies) float32 has what they rated,
    NaN elsewhere.
    """

    live: Live
    people: dict[int, ForLists]
    scale: Scale
    values: NDArray[np.float64]
    given: NDArray[np.float32]

    @classmethod
    def of(cls, live: Live, people: Mapping[int, ForLists]) -> "Company | None":
        """Work it out for those who rated something that the model knows; None where nobody did.

        A rating counts as it is, in place of what is expected.
        """
        scale = Scale.PERCENTILE if live.bundle.stars is None else Scale.STARS
        known: dict[int, ForLists] = {}
        values, given = [], []
        for user_id, person in people.items():
            row = None if not person.taste else _thoughts(live, user_id, person.taste)
            if row is None or person.history is None:
                continue
            known[user_id] = person
            values.append(row)
            given.append(_given(live, user_id, person.history))
        if not known:
            return None
        table, rated = np.stack(values).astype(np.float64), np.stack(given)
        if scale is Scale.STARS:
            table = np.where(np.isnan(rated), table, rated)
        return cls(live, known, scale, table, rated)

    def best(
        self, allowed: NDArray[np.bool_], k: int, fairness: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the columns of the k best of the movies `allowed` (movies,), and their fair means.

        Ties go to the lower column.
        """
        columns = np.flatnonzero(allowed)
        means = fair_mean(np.maximum(self.values[:, columns], LEAST[self.scale]), fairness)
        best = np.argsort(-means, kind="stable")[:k]
        return columns[best], np.minimum(means[best], MOST[self.scale])

    def suits(self, columns: NDArray[np.int64]) -> tuple[tuple[Suits, ...], ...]:
        """Return for each column how it suits each person, with the give-or-take of what is not rated."""
        rows = self.live.rows[columns]
        by_person = []
        for place, (user_id, person) in enumerate(self.people.items()):
            expected: list[Expected | None] = [None] * len(rows)
            if self.scale is Scale.STARS and person.taste is not None:
                expected = self.live.expected(user_id, person.taste, rows)
            values = np.minimum(self.values[place, columns], MOST[self.scale]).tolist()
            given = self.given[place, columns].tolist()
            by_person.append(
                [_suits(user_id, *one) for one in zip(values, given, expected, strict=True)],
            )
        return tuple(zip(*by_person, strict=True))


def _thoughts(live: Live, user_id: int, taste: History) -> NDArray[np.floating] | None:
    """Return the stars that somebody is expected to give each movie, or else a share of movies for each.

    None for somebody about whom nothing is known.
    """
    stars = live.bundle.stars
    if stars is not None:
        learned = live.histories(user_id, taste)
        return stars.scores(learned)[0] if len(learned.columns) else None
    scored = live.score(user_id, taste)
    if scored is None:
        return None
    scores = scored.explained.scores
    order = np.sort(scores[live.known])
    return np.searchsorted(order, scores, side="right") / max(len(order), 1)


def _given(live: Live, user_id: int, history: History) -> NDArray[np.float32]:
    rated = live.histories(user_id, history)
    given = np.full(rated.n_movies, np.nan, np.float32)
    given[rated.columns] = rated.stars
    return given


def _suits(user_id: int, value: float, given: float, expected: Expected | None) -> Suits:
    if not np.isnan(given):
        return Suits(user_id, value, given, None)
    if expected is None:
        return Suits(user_id, value, None, None)
    return Suits(user_id, expected.stars, None, expected.spread)
