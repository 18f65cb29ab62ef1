"""The protocol's filter and its global split in time; beside it the splits of published comparisons."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
import polars as pl

from movieapp.preparation.interactions import LIKE

MIN_RATINGS_OF_USER = 5
MIN_RATINGS_OF_MOVIE = 10
TRAIN_SHARE = 0.70
VALIDATION_SHARE = 0.15
# RePlay's comparison on ML-1M: the last fifth of what got three stars or more.
REPLAY_LIKE = 3.0
REPLAY_TEST_SHARE = 0.20
RANDOM_SHARES = (0.60, 0.80)


class Protocol(StrEnum):
    """How ratings are split and what counts as a like."""

    TIME = "time"
    REPLAY = "replay"
    RANDOM = "random"


@dataclass(frozen=True)
class Split:
    """Ratings in three parts, each in time order; `like` is the least number of stars that makes a like.

    In the two protocols that split by time the parts are cut at two instants that hold for everybody.
    """

    train: pl.DataFrame
    validation: pl.DataFrame
    test: pl.DataFrame
    like: float = LIKE

    @property
    def validation_from(self) -> datetime:
        """The first instant of the validation window, UTC without a zone, as in the database."""
        return _first_instant(self.validation)

    @property
    def test_from(self) -> datetime:
        """The first instant of the test window."""
        return _first_instant(self.test)

    @property
    def before_test(self) -> pl.DataFrame:
        """Train and validation, in time order: what a model reported on test is fitted on."""
        return _in_order(pl.concat([self.train, self.validation]))


def filtered(ratings: pl.DataFrame) -> pl.DataFrame:
    """Drop users with under 5 and movies with under 10 ratings, both counted once, on all ratings."""
    return ratings.filter(
        (pl.len().over("user_id") >= MIN_RATINGS_OF_USER)
        & (pl.len().over("movie_id") >= MIN_RATINGS_OF_MOVIE)
    )


def split(ratings: pl.DataFrame) -> Split:
    """Cut ratings, sorted by time, into the oldest 70 %, the next 15 % and the newest 15 %."""
    return _cut(ratings, TRAIN_SHARE, TRAIN_SHARE + VALIDATION_SHARE)


def replay_split(ratings: pl.DataFrame) -> Split:
    """Cut what got three stars or more as RePlay's comparison does: the newest fifth is test.

    What got fewer is in no part, so that it is neither seen nor known. Validation is the fifth before test's
    of what is left.
    """
    kept = ratings.filter(pl.col("rating") >= REPLAY_LIKE)
    rest = 1 - REPLAY_TEST_SHARE
    return _cut(kept, rest * rest, rest, like=REPLAY_LIKE)


def random_split(ratings: pl.DataFrame, *, seed: int) -> Split:
    """Deal ratings out at random, 60/20/20; every part is sorted by time again.

    The past and the future mix, so that figures of this split say nothing about serving.
    """
    places = np.random.default_rng(seed).permutation(ratings.height)
    cuts = [int(ratings.height * share) for share in RANDOM_SHARES]
    train, validation, test = (ratings[np.sort(part)] for part in np.split(places, cuts))
    return Split(train, validation, test)


def _cut(ratings: pl.DataFrame, first: float, second: float, *, like: float = LIKE) -> Split:
    places = [int(ratings.height * share) for share in (first, second)]
    return Split(ratings[: places[0]], ratings[places[0] : places[1]], ratings[places[1] :], like)


def _in_order(ratings: pl.DataFrame) -> pl.DataFrame:
    return ratings.sort("rated_at", "user_id", "movie_id")


def _first_instant(window: pl.DataFrame) -> datetime:
    first = window["rated_at"].min()
    assert isinstance(first, datetime)
    return first
