"""The protocol's filter and its global split in time."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

MIN_RATINGS_OF_USER = 5
MIN_RATINGS_OF_MOVIE = 10
TRAIN_SHARE = 0.70
VALIDATION_SHARE = 0.15


@dataclass(frozen=True)
class Split:
    """Ratings in time order, cut at two instants that hold for everybody."""

    train: pl.DataFrame
    validation: pl.DataFrame
    test: pl.DataFrame

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
        """Train and validation: what a model reported on test is fitted on."""
        return pl.concat([self.train, self.validation])


def filtered(ratings: pl.DataFrame) -> pl.DataFrame:
    """Drop users with under 5 and movies with under 10 ratings, both counted once, on all ratings."""
    return ratings.filter(
        (pl.len().over("user_id") >= MIN_RATINGS_OF_USER)
        & (pl.len().over("movie_id") >= MIN_RATINGS_OF_MOVIE)
    )


def split(ratings: pl.DataFrame) -> Split:
    """Cut ratings, sorted by time, into the oldest 70 %, the next 15 % and the newest 15 %."""
    first = int(ratings.height * TRAIN_SHARE)
    second = int(ratings.height * (TRAIN_SHARE + VALIDATION_SHARE))
    return Split(ratings[:first], ratings[first:second], ratings[second:])


def _first_instant(window: pl.DataFrame) -> datetime:
    first = window["rated_at"].min()
    assert isinstance(first, datetime)
    return first
