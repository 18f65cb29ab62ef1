"""What was asked of the app in a period, how fast and how well it answered, and what its models reached."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from movieapp.database import Database, naive

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` to before `until`; both in UTC."""

    since: datetime
    until: datetime

    @property
    def minutes(self) -> float:
        """Its length."""
        return max((self.until - self.since).total_seconds(), 0.0) / 60

    def params(self) -> dict[str, Any]:
        """Return the two instants as the statements take them."""
        return {"since": naive(self.since), "until": naive(self.until)}

    def part(self, begin: datetime, length: timedelta) -> "Period":
        """Return what of the stretch that starts at `begin` lies in this period."""
        return Period(max(self.since, begin), min(self.until, begin + length))


@dataclass(frozen=True, slots=True)
class Measures:
    """Some requests, counted and measured; latencies and fallback rate are None where there was no answer.

    `n_errors` have a status of 400 or more, `n_failures` of 500 or more. Errors count there, in `n_requests`
    and in `n_users`; latency is that of successful answers, and the fallback rate that of the lists for
    people among them (recommend, home, rank, together): what is similar or popular is so for everybody.
    """

    n_requests: int
    n_users: int
    n_errors: int
    n_failures: int
    requests_per_minute: float
    latency_mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    fallback_rate: float | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the `n_movies` were in some list, and how many places the lists had in all.

    Only what the app chose counts: no candidates that were brought to be ranked, no film to be explained.
    """

    n_movies: int
    n_shown: int
    n_places: int

    @property
    def share(self) -> float | None:
        """The share of the catalogue that was recommended at least once."""
        return self.n_shown / self.n_movies if self.n_movies else None


@dataclass(frozen=True, slots=True)
class Summary:
    """A period as a whole, and by endpoint, the busiest first."""

    period: Period
    total: Measures
    coverage: Coverage
    by_endpoint: dict[str, Measures]


def summary(database: Database, period: Period) -> Summary:
    """Return the measures that have limits, and those beside them."""
    (row,) = _rows(database.read("monitoring/traffic", **period.params()))
    coverage = Coverage(**database.read("monitoring/coverage", **period.params()).row(0, named=True))
    return Summary(period, _measures(row, period), coverage, by_endpoint(database, period))


def by_endpoint(database: Database, period: Period) -> dict[str, Measures]:
    """Return the measures of each endpoint, the busiest first."""
    rows = database.read("monitoring/traffic_by_endpoint", **period.params())
    return {row.pop("endpoint"): _measures(row, period) for row in _rows(rows)}


def by_version(database: Database, period: Period) -> dict[str | None, Measures]:
    """Return the measures of each version, the newest first; None is before there was one."""
    rows = database.read("monitoring/traffic_by_version", **period.params())
    return {row.pop("model_version"): _measures(row, period) for row in _rows(rows)}


def by_hour(database: Database, period: Period) -> dict[datetime, Measures]:
    """Return the measures of each hour with requests, oldest first; the key is where it begins."""
    rows = database.read("monitoring/traffic_by_hour", **period.params())
    return _over_time(rows, "hour", lambda begin: period.part(begin, HOUR))


def by_day(database: Database, period: Period) -> dict[datetime, Measures]:
    """Return the measures of each day (UTC) with requests, oldest first; the key is where it begins."""
    rows = database.read("monitoring/traffic_by_day", **period.params())
    return _over_time(rows, "day", lambda begin: period.part(begin, DAY))


def newest_request(database: Database) -> datetime | None:
    """Return when the newest request was logged."""
    found: datetime | None = database.read("monitoring/newest_request").item()
    return None if found is None else found.replace(tzinfo=UTC)


def newest_evaluation(database: Database) -> pl.DataFrame:
    """Return what the models reached when last compared on this release, on validation if ever there."""
    return database.read("monitoring/newest_evaluations")


def _over_time(rows: pl.DataFrame, key: str, part: Callable[[datetime], Period]) -> dict[datetime, Measures]:
    found = {}
    for row in _rows(rows):
        begin = row.pop(key).replace(tzinfo=UTC)
        found[begin] = _measures(row, part(begin))
    return found


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dicts()


def _measures(row: dict[str, Any], period: Period) -> Measures:
    minutes = period.minutes
    return Measures(**row, requests_per_minute=row["n_requests"] / minutes if minutes else 0.0)
