"""Drift: what is shown against what is liked, by genre and by popularity, and the age of model and data."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from movieapp.database import Database
from movieapp.monitoring.measures import Period

Parts = NDArray[np.float64]
COUNTED = ("shown", "liked", "liked_before")


@dataclass(frozen=True, slots=True)
class Share:
    """How much of what was shown, liked in the period and liked before it falls to one group of films.

    Each is a share of its whole, None where the whole is nothing.
    """

    name: str
    shown: float | None
    liked: float | None
    liked_before: float | None


@dataclass(frozen=True, slots=True)
class Shares:
    """One way of grouping the films. The distances run from 0, the same shares, to 1, nothing in common.

    `from_taste` lies between what was shown and what was liked in the period, `of_taste` between what was
    liked in it and before; None where one of the two is nothing.
    """

    groups: tuple[Share, ...]
    from_taste: float | None
    of_taste: float | None


@dataclass(frozen=True, slots=True)
class Ages:
    """Ages at the end of the period, in days, never negative; None where there is no such thing.

    The model's age counts from its training, that of the data from the newest rating, that of arrivals from
    when this instance last learned of one.
    """

    model_days: float | None
    data_days: float | None
    arrival_days: float | None


@dataclass(frozen=True, slots=True)
class Drift:
    """Shares by genre and by tenth of the films (1 holds the most rated), the wholes, and the ages."""

    n_shown: int
    n_liked: int
    n_liked_before: int
    genres: Shares
    popularity: Shares
    ages: Ages


def drift(database: Database, period: Period, *, trained_at: datetime | None) -> Drift:
    """Compare what was shown in a period with what was liked in it and before.

    Likes are as they stand now: one that was taken back is none. Shown is what the app chose, as in
    `Coverage`. A film of several genres counts in each with its part. Popularity is what the ratings before
    the period say. `trained_at` is that of the version that serves.
    """
    rows = database.read("monitoring/drift", **period.params())
    popularity = rows.filter(pl.col("kind") == "popularity")
    n_shown, n_liked, n_liked_before = (round(popularity[one].sum()) for one in COUNTED)
    return Drift(
        n_shown,
        n_liked,
        n_liked_before,
        genres=_shares(rows.filter(pl.col("kind") == "genre")),
        popularity=_shares(popularity),
        ages=ages(database, now=period.until, trained_at=trained_at),
    )


def ages(database: Database, *, now: datetime, trained_at: datetime | None) -> Ages:
    """Return how old model and data are at `now`."""
    newest = database.read("monitoring/newest_data", until=Period(now, now).params()["until"])
    row = newest.row(0, named=True)
    return Ages(
        _days(trained_at, now),
        _days(row["last_rated_at"], now),
        _days(row["last_arrived_at"], now),
    )


def _shares(rows: pl.DataFrame) -> Shares:
    shown, liked, before = parts = [_parts(rows[column]) for column in COUNTED]
    groups = tuple(
        Share(name, *(None if part is None else float(part[place]) for part in parts))
        for place, name in enumerate(rows["name"])
    )
    return Shares(groups, _distance(shown, liked), _distance(liked, before))


def _parts(counts: pl.Series) -> Parts | None:
    values = counts.to_numpy().astype(np.float64)
    return values / values.sum() if values.sum() else None


def _distance(ours: Parts | None, theirs: Parts | None) -> float | None:
    if ours is None or theirs is None:
        return None
    return float(np.abs(ours - theirs).sum() / 2)


def _days(then: datetime | None, now: datetime) -> float | None:
    if then is None:
        return None
    aware = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max((now - aware).total_seconds(), 0.0) / 86_400
