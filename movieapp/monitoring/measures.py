"""What the dashboard shows: traffic of a period, and how good the models were when last evaluated."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import polars as pl

from movieapp.database import Database


@dataclass(frozen=True, slots=True)
class EndpointTraffic:
    """The requests of one endpoint."""

    endpoint: str
    n_requests: int
    n_errors: int
    p50_ms: float | None
    p95_ms: float | None
    fallback_rate: float | None


class Hour(NamedTuple):
    """The requests of one hour, which begins at `hour` (UTC)."""

    hour: datetime
    n_requests: int
    p95_ms: float | None


@dataclass(frozen=True, slots=True)
class Traffic:
    """The requests of a period. Latency and fallback rate are None where nothing was answered.

    An error is a status of 400 or more; errors count in `n_requests` and in nothing else but `n_errors`.
    `coverage` is the share of the release's movies that some list showed.
    """

    n_requests: int
    n_users: int
    n_errors: int
    requests_per_minute: float
    latency_mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    fallback_rate: float | None
    coverage: float
    by_endpoint: tuple[EndpointTraffic, ...]
    hourly: tuple[Hour, ...]


def traffic(database: Database, *, since: datetime, now: datetime) -> Traffic:
    """Return the measures of the requests from `since` to before `now`."""
    period: dict[str, Any] = {"since": _naive(since), "until": _naive(now)}
    total = database.read("monitoring/traffic", **period).row(0, named=True)
    coverage = database.read("monitoring/coverage", **period).item()
    endpoints = database.read("monitoring/traffic_by_endpoint", **period)
    hours = database.read("monitoring/traffic_by_hour", **period)
    minutes = (now - since).total_seconds() / 60
    return Traffic(
        **total,
        requests_per_minute=total["n_requests"] / minutes if minutes > 0 else 0.0,
        coverage=coverage or 0.0,
        by_endpoint=tuple(EndpointTraffic(**row) for row in endpoints.iter_rows(named=True)),
        hourly=tuple(
            Hour(row["hour"].replace(tzinfo=UTC), row["n_requests"], row["p95_ms"])
            for row in hours.iter_rows(named=True)
        ),
    )


def newest_evaluation(database: Database) -> pl.DataFrame:
    """Return what the models reached when last compared on this release, on validation if ever there."""
    return database.read("monitoring/newest_evaluations")


def _naive(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)
