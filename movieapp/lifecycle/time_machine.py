"""The time machine: what somebody would have been shown at past moments, by what was known then alone."""

import threading
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
import polars as pl
from cachetools import LRUCache
from numpy.typing import NDArray

from movieapp.database import Database
from movieapp.errors import NotReady
from movieapp.lifecycle import recipes
from movieapp.models.base import Model, best
from movieapp.models.item_knn import ItemKNN
from movieapp.models.popularity import Popularity
from movieapp.preparation.interactions import LIKE, Histories, Interactions, seconds
from movieapp.preparation.split import filtered

SHOWN = 10
MOST_STOPS = 12
# A journey by months needs so many stops, and so much of the history after the first of them.
MIN_STOPS = 2
MIN_SHARE_AFTER = 0.2
# Somebody with fewer ratings before a moment had nothing to be recommended by.
MIN_BEFORE = 5
# Everybody's likes count so much beside each model; a model counts half for a person with so many likes, and
# more with more: of people with few, it knows too little to be left alone.
LIKES_WEIGHT = 0.5
HALF_TRUSTED = 20
TINY = 1e-9
# The fits of so many moments are kept, whoever asked for them: each holds some numbers per film.
KEPT_MOMENTS = 48
# One fit at a time; who waits longer is asked to come again.
WAIT_S = 20.0


class Cut(StrEnum):
    """What parts a history into moments: months or, where most came in a short time, their number."""

    MONTHS = "months"
    RATINGS = "ratings"


@dataclass(frozen=True, slots=True)
class Stop:
    """A moment, UTC without a zone as in the database, with `n_before` ratings of the person before it."""

    at: datetime
    n_before: int


@dataclass(frozen=True, slots=True)
class Itinerary:
    """The moments of one person, oldest first; none for a history that is too short."""

    cut: Cut
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A film of a list of then; `stars` are what the person gave it from then on, None if nothing."""

    movie_id: int
    stars: float | None

    @property
    def is_hit(self) -> bool:
        """Whether the person came to like it."""
        return self.stars is not None and self.stars >= LIKE


@dataclass(frozen=True, slots=True)
class Visit:
    """What a moment looked like: `n_ratings` by `n_people` were known, and the model knew `n_films` that the
    person had not rated.

    `shown` is the list of then, best first, `popular` what everybody got. From then on the person liked
    `n_loved` films, of which the model knew `n_findable`: their middle place was `place` in the list of
    then, and `popular_place` in the popular one; None without any.
    """

    stop: Stop
    n_ratings: int
    n_people: int
    n_films: int
    is_personal: bool
    shown: tuple[Listed, ...]
    popular: tuple[Listed, ...]
    n_loved: int
    n_findable: int
    place: float | None
    popular_place: float | None

    @property
    def n_hits(self) -> int:
        """How many films of the list of then the person came to like."""
        return sum(one.is_hit for one in self.shown)

    @property
    def n_popular_hits(self) -> int:
        """The same for the popular list of then."""
        return sum(one.is_hit for one in self.popular)


@dataclass(frozen=True, eq=False)
class _Then:
    """What was known at a moment; no `models` where that was too little. `likes` are (movies,)."""

    n_ratings: int
    n_people: int
    movie_ids: NDArray[np.int32]
    likes: NDArray[np.float32]
    models: tuple[Model, ...]


class TimeMachine:
    """Fits quick recipes on what was known at a moment, and keeps the fit for whoever asks next.

    Any thread may ask. Fits take turns, so that several visitors together cost no more than one.
    """

    def __init__(self, database: Database, *, seed: int = 7) -> None:
        self._database = database
        self._seed = seed
        self._kept: LRUCache[tuple[object, ...], _Then] = LRUCache(KEPT_MOMENTS)
        self._turn = threading.Lock()

    def itinerary(self, user_id: int) -> Itinerary:
        """Return the moments to travel to; reads the database."""
        return itinerary(self._database.read("lifecycle/rated_by", user_id=user_id))

    def visit(self, user_id: int, stop: Stop, *, k: int = SHOWN) -> Visit:
        """Return what the person would have been shown at a stop of their itinerary.

        Seconds for a moment that nobody visited before; `NotReady` while too many others are being fitted.
        """
        ratings = self._database.read("lifecycle/rated_by", user_id=user_id)
        before = ratings.filter(pl.col("rated_at") < stop.at)
        after = ratings.filter(pl.col("rated_at") >= stop.at)
        return _visit(stop, self._then(stop.at), before, after, k)

    def _then(self, at: datetime) -> _Then:
        dataset = self._database.read("catalog/dataset")
        # What was imported, unlearned or deleted since changes what was known then.
        n_ratings = self._database.read("lifecycle/n_known_before", until=at).item()
        key = (*dataset.select("checksum", "ingested_at").rows(), at, n_ratings)
        if not self._turn.acquire(timeout=WAIT_S):
            raise NotReady("Others are travelling in time just now. Try again in a moment.")
        try:
            then = self._kept.get(key)
            if then is None:
                then = self._kept[key] = _fitted(
                    self._database.read("lifecycle/known_before", until=at), seed=self._seed
                )
        finally:
            self._turn.release()
        return then


def itinerary(ratings: pl.DataFrame) -> Itinerary:
    """Choose the moments of a history, whose rows (movie_id, rating, rated_at) come oldest first.

    The start of each month in which the person rated; where most came in a short time, after 5, 10,
    20, ... ratings. A moment has ratings before it and a like after it. Of many, some at equal distances.
    """
    instants: list[datetime] = ratings["rated_at"].to_list()
    last_like = ratings.filter(pl.col("rating") >= LIKE)["rated_at"].max()
    if not isinstance(last_like, datetime):
        return Itinerary(Cut.MONTHS, ())
    months = _stops(sorted({_month(instant) for instant in instants}), instants, last_like)
    if len(months) >= MIN_STOPS and months[0].n_before <= (1 - MIN_SHARE_AFTER) * len(instants):
        return Itinerary(Cut.MONTHS, _spread(months))
    return Itinerary(Cut.RATINGS, _spread(_stops(list(_doubling(instants)), instants, last_like)))


def _month(instant: datetime) -> datetime:
    return instant.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _doubling(instants: list[datetime]) -> Iterator[datetime]:
    """Yield the instants just after which 5, 10, 20, ... ratings are no longer to come."""
    n = MIN_BEFORE
    while n < len(instants):
        yield instants[n]
        n *= 2


def _stops(moments: list[datetime], instants: list[datetime], last_like: datetime) -> list[Stop]:
    """Return moments with enough before them and a like from then on; each number of ratings once."""
    # What shares an instant with the first rating that is still to come counts as to come, too.
    before = {bisect_left(instants, at): at for at in moments if at <= last_like}
    return [Stop(at, n) for n, at in sorted(before.items()) if n >= MIN_BEFORE]


def _spread(stops: list[Stop]) -> tuple[Stop, ...]:
    if len(stops) <= MOST_STOPS:
        return tuple(stops)
    places = np.linspace(0, len(stops) - 1, MOST_STOPS).round().astype(int)
    return tuple(stops[place] for place in places.tolist())


def _fitted(known: pl.DataFrame, *, seed: int) -> _Then:
    kept = filtered(known)
    n_people = known["user_id"].n_unique()
    if kept.filter(pl.col("rating") >= LIKE).is_empty():
        return _Then(len(known), n_people, np.empty(0, np.int32), np.empty(0, np.float32), ())
    interactions = Interactions.of(kept)
    models = (recipes.als(n_ratings=len(kept), seed=seed), ItemKNN())
    return _Then(
        len(known),
        n_people,
        interactions.movie_ids,
        Popularity().fit(interactions).likes_,
        tuple(model.fit(interactions) for model in models),
    )


def _visit(stop: Stop, then: _Then, before: pl.DataFrame, after: pl.DataFrame, k: int) -> Visit:
    """Hold the lists of then against what came after."""
    later = dict(after.select("movie_id", "rating").iter_rows())
    loved = [movie_id for movie_id, stars in later.items() if stars >= LIKE]
    if not then.models:
        return Visit(stop, then.n_ratings, then.n_people, 0, False, (), (), len(loved), 0, None, None)
    history = _folded(then, before)
    unseen = then.likes > 0
    unseen[history.columns] = False
    popular = np.where(unseen, then.likes, -np.inf).astype(np.float32)
    is_personal = bool(history.liked.any())
    scores = np.where(unseen, _blended(then, history, unseen), -np.inf) if is_personal else popular
    findable = np.flatnonzero(unseen & np.isin(then.movie_ids, loved))
    return Visit(
        stop=stop,
        n_ratings=then.n_ratings,
        n_people=then.n_people,
        n_films=int(unseen.sum()),
        is_personal=is_personal,
        shown=_listed(then, scores, later, k),
        popular=_listed(then, popular, later, k),
        n_loved=len(loved),
        n_findable=len(findable),
        place=_middle_place(scores, findable),
        popular_place=_middle_place(popular, findable),
    )


def _blended(then: _Then, history: Histories, unseen: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the sum of the models' scores and of the likes at their weight, each in standard deviations."""
    parts = [then.likes, *(model.scores(history)[0] for model in then.models)]
    n_liked = int(history.liked.sum())
    weights = [LIKES_WEIGHT, *([n_liked / (n_liked + HALF_TRUSTED)] * len(then.models))]
    total = np.zeros(len(unseen), np.float32)
    for part, weight in zip(parts, weights, strict=True):
        known = np.isfinite(part) & unseen
        if known.any():
            part = np.where(np.isfinite(part), part, part[known].min())
            total += weight * (part - part[unseen].mean()) / max(part[unseen].std(), TINY)
    return total


def _folded(then: _Then, before: pl.DataFrame) -> Histories:
    """Return the person's ratings of what was known then, in the model's columns."""
    theirs = before.filter(pl.col("movie_id").is_in(then.movie_ids.tolist())).sort("movie_id")
    return Histories.of_one(
        np.searchsorted(then.movie_ids, theirs["movie_id"].to_numpy()).astype(np.int32),
        theirs["rating"].to_numpy().astype(np.float32),
        seconds(theirs["rated_at"]),
        n_movies=len(then.movie_ids),
    )


def _listed(then: _Then, scores: NDArray[np.float32], later: dict[int, float], k: int) -> tuple[Listed, ...]:
    columns = best(scores[None, :], k)[0][0]
    movie_ids = then.movie_ids[columns[columns >= 0]].tolist()
    return tuple(Listed(movie_id, later.get(movie_id)) for movie_id in movie_ids)


def _middle_place(scores: NDArray[np.float32], columns: NDArray[np.int64]) -> float | None:
    """Return the median of the places of these columns in the ranking, 1 for the first; None of none."""
    if not len(columns):
        return None
    places = np.empty(len(scores))
    places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return float(np.median(places[columns]))
