"""Re-ranking: a list's order with other aims beside accuracy - variety, leanings, discovery."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from movieapp.models.base import Model, Scores, best
from movieapp.preparation.interactions import Histories, Interactions

# How many of the best films may change places; more would bring in what the model has no opinion of.
HEAD = 400
# Discovery begins after the places that most people look at.
KEPT_PLACES = 20
# How many standard deviations of the score a film moves by one standard deviation of what a list leans to.
LEANING_WEIGHT = 2.0
DISCOVERY_WEIGHT = 0.5
# From one setting of an aim to the next: each is seen in a list, and each is measured.
STEP = 0.25


@dataclass(frozen=True, slots=True)
class ListAims:
    """What a list is to be besides accurate.

    `diversity` 0..1 spreads it over different films; `popularity` -1..1 leans to niche or mainstream;
    `adventure` -1..1 to films like those that the person likes, or unlike them; `age` -1..1 to old or new
    ones; `discover` orders the places from 21 on for reach and leaves the first 20 as they are.
    """

    diversity: float = 0.0
    popularity: float = 0.0
    adventure: float = 0.0
    age: float = 0.0
    discover: bool = False

    @property
    def is_accuracy_alone(self) -> bool:
        """Whether the model's own order stands."""
        return self == ListAims()

    def leaves_first(self, k: int) -> bool:
        """Whether the first k places are the model's own."""
        is_kept = k <= KEPT_PLACES or not self.discover
        return is_kept and self.diversity == self.popularity == self.adventure == self.age == 0


@dataclass(frozen=True, eq=False)
class Reranker:
    """Puts films in order.

    `vectors` (movies x factors) float32 have length 1; `popularity` (movies,) float32 counts likes; `years`
    (movies,) float32 are NaN where unknown.
    """

    vectors: NDArray[np.float32]
    popularity: NDArray[np.float32]
    years: NDArray[np.float32]

    def columns(self, scores: Scores, n: int, aims: ListAims, histories: Histories) -> NDArray[np.int32]:
        """Return the first n columns of each list, (people x n); -1 pads. Films scored -inf are in none.

        `histories` are the people's: what they like tells what would be an adventure.
        """
        if aims.is_accuracy_alone:
            return best(scores, n)[0]
        head, values = best(scores, max(n, HEAD))
        relevance = _standardized(values)
        familiarity = _standardized(np.where(head >= 0, np.log1p(self.popularity[head]), -np.inf))
        relevance += LEANING_WEIGHT * aims.popularity * familiarity
        if aims.age:
            years = np.where(head >= 0, self.years[head], np.nan)
            relevance += LEANING_WEIGHT * aims.age * _standardized(years)
        if aims.adventure:
            nearness = np.where(head >= 0, self._nearness(head, histories), -np.inf)
            relevance -= LEANING_WEIGHT * aims.adventure * _standardized(nearness)
        relevance[head < 0] = -np.inf
        late = relevance - DISCOVERY_WEIGHT * familiarity if aims.discover else relevance
        late[head < 0] = -np.inf
        n = min(n, head.shape[1])
        places = (
            self._spread(head, relevance, late, n, aims.diversity)
            if aims.diversity > 0
            else _sorted(relevance, late, n)
        )
        columns = np.take_along_axis(head, places, axis=1)
        # A list that has run out of films has nothing left to choose from.
        columns[np.arange(n) >= (head >= 0).sum(axis=1, keepdims=True)] = -1
        return columns

    def _nearness(self, head: NDArray[np.int32], histories: Histories) -> NDArray[np.float32]:
        """Return the cosine of each film with the nearest one that the person likes; -inf without a like."""
        nearness = np.full(head.shape, -np.inf, np.float32)
        for row, (start, end) in enumerate(zip(histories.indptr, histories.indptr[1:], strict=False)):
            liked = histories.columns[start:end][histories.liked[start:end]]
            if len(liked):
                nearness[row] = (self.vectors[head[row]] @ self.vectors[liked].T).max(axis=1)
        return nearness

    def _spread(
        self,
        head: NDArray[np.int32],
        relevance: NDArray[np.float32],
        late: NDArray[np.float32],
        n: int,
        diversity: float,
    ) -> NDArray[np.int64]:
        """Take one film after another by marginal relevance (Carbonell and Goldstein, 1998, section 2).

        Relevance is brought to 0..1 within each list, so that it compares with a cosine.
        """
        candidates = self.vectors[head]
        people = np.arange(len(head))
        early, late = _to_unit_interval(relevance), _to_unit_interval(late)
        closest = np.zeros_like(relevance)
        is_open = head >= 0
        places = np.empty((len(head), n), np.int64)
        for place in range(n):
            wanted = early if place < KEPT_PLACES else late
            gain = np.where(is_open, (1 - diversity) * wanted - diversity * closest, -np.inf)
            taken = np.argmax(gain, axis=1)
            places[:, place] = taken
            is_open[people, taken] = False
            cosines = np.einsum("phf,pf->ph", candidates, candidates[people, taken])
            closest = np.maximum(closest, cosines)
        return places


class Reranked(Model):
    """A fitted model seen through a reranker, so that the protocol measures the lists that are served."""

    name = "reranked"

    def __init__(
        self, model: Model, reranker: Reranker, aims: ListAims, *, known: NDArray[np.bool_], depth: int = 100
    ) -> None:
        self.model, self.reranker, self.aims, self.known, self.depth = model, reranker, aims, known, depth

    def fit(self, interactions: Interactions) -> "Reranked":
        """Do nothing: the model within is fitted already."""
        return self

    def scores(self, histories: Histories) -> Scores:
        """Return scores that put the first `depth` films in the served order; none for what was seen."""
        scores = np.where(self.known, self.model.scores(histories), -np.inf).astype(np.float32)
        scores[histories.rows, histories.columns] = -np.inf
        columns = self.reranker.columns(scores, self.depth, self.aims, histories)
        top = scores.max(axis=1, initial=0.0)
        rows, places = np.nonzero(columns >= 0)
        scores[rows, columns[rows, places]] = top[rows] + columns.shape[1] - places
        return scores


def _sorted(relevance: NDArray[np.float32], late: NDArray[np.float32], n: int) -> NDArray[np.int64]:
    """Return the places of the first n: the kept ones by `relevance`, the others by `late`."""
    kept = np.argsort(-relevance, axis=1, kind="stable")[:, : min(KEPT_PLACES, n)]
    late = late.copy()
    np.put_along_axis(late, kept, np.inf, axis=1)
    rest = np.argsort(-late, axis=1, kind="stable")[:, kept.shape[1] : n]
    return np.hstack([kept, rest])


def _standardized(values: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return each row with mean 0 and standard deviation 1 over what is finite; 0 elsewhere."""
    there = np.isfinite(values)
    count = np.maximum(there.sum(axis=1, keepdims=True), 1)
    filled = np.where(there, values, 0.0)
    mean = filled.sum(axis=1, keepdims=True) / count
    away = np.where(there, filled - mean, 0.0)
    deviation = np.sqrt((away**2).sum(axis=1, keepdims=True) / count)
    return (away / np.where(deviation > 0, deviation, 1.0)).astype(np.float32)


def _to_unit_interval(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return each row's finite values stretched over 0..1; 0 elsewhere."""
    there = np.isfinite(values)
    low = np.where(there, values, np.inf).min(axis=1, keepdims=True)
    high = np.where(there, values, -np.inf).max(axis=1, keepdims=True)
    width = np.where(np.isfinite(high - low) & (high > low), high - low, 1.0)
    return np.where(there, (values - np.where(np.isfinite(low), low, 0.0)) / width, 0.0).astype(np.float32)
