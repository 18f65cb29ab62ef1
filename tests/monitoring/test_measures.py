"""The dashboard's measures, against the same figures worked out another way."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.monitoring.measures import newest_evaluation, traffic

NOW = datetime(2026, 1, 2, 12, 30, tzinfo=UTC)
SINCE = NOW - timedelta(hours=24)
N_MOVIES = 8

REQUEST = st.fixed_dictionaries(
    {
        "request_id": st.uuids().map(str),
        "requested_at": st.datetimes(datetime(2026, 1, 1, 10), datetime(2026, 1, 2, 14)),
        "user_id": st.none() | st.integers(1, 4),
        "endpoint": st.sampled_from(["recommend", "similar", "popular"]),
        "recommendations": st.lists(st.integers(1, N_MOVIES + 3), max_size=4),
        "latency_ms": st.floats(0, 100),
        "is_fallback": st.booleans(),
        "status": st.sampled_from([200, 200, 404, 503]),
    }
)


def database_of(requests: list[dict[str, Any]]) -> Database:
    """Return a database with a few movies and these requests."""
    database = Database()
    database.migrate()
    movies = {
        "movie_id": range(1, N_MOVIES + 1),
        "title": ["-"] * N_MOVIES,
        "release_year": [2000] * N_MOVIES,
    }
    genres = pl.Series([[]] * N_MOVIES, dtype=pl.List(pl.String))
    database.append("ingest/movies", pl.DataFrame(movies).with_columns(genres=genres))
    frame = pl.DataFrame(
        requests,
        schema={
            "request_id": pl.String,
            "requested_at": pl.Datetime,
            "user_id": pl.Int32,
            "endpoint": pl.String,
            "recommendations": pl.List(pl.Int32),
            "latency_ms": pl.Float64,
            "is_fallback": pl.Boolean,
            "status": pl.Int16,
        },
    )
    scores = pl.col("recommendations").cast(pl.List(pl.Float32))
    more = frame.with_columns(scores=scores, model_version=pl.lit("1"), asked=pl.lit("{}"))
    database.append("serving/log_requests", more)
    return database


def percentile(values: list[float], share: float) -> float | None:
    return float(np.quantile(values, share)) if values else None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(REQUEST, max_size=12, unique_by=lambda request: request["request_id"]))
def test_traffic_is_what_a_recount_says(requests: list[dict[str, Any]]) -> None:
    database = database_of(requests)
    found = traffic(database, since=SINCE, now=NOW)
    database.close()
    within = [r for r in requests if SINCE <= r["requested_at"].replace(tzinfo=UTC) < NOW]
    served = [r for r in within if r["status"] < 400]
    latencies = [r["latency_ms"] for r in served]
    shown = {movie for r in within for movie in r["recommendations"] if movie <= N_MOVIES}
    assert found.n_requests == len(within)
    assert found.n_users == len({r["user_id"] for r in within} - {None})
    assert found.n_errors == len(within) - len(served)
    assert found.requests_per_minute == pytest.approx(len(within) / 1440)
    assert found.coverage == pytest.approx(len(shown) / N_MOVIES)
    assert found.latency_mean_ms == pytest.approx(np.mean(latencies) if latencies else None)
    for share, value in ((0.5, found.p50_ms), (0.95, found.p95_ms), (0.99, found.p99_ms)):
        assert value == pytest.approx(percentile(latencies, share))
    fallbacks = [float(r["is_fallback"]) for r in served]
    assert found.fallback_rate == pytest.approx(np.mean(fallbacks) if fallbacks else None)
    assert sum(one.n_requests for one in found.by_endpoint) == len(within)
    for one in found.by_endpoint:
        own = [r["latency_ms"] for r in served if r["endpoint"] == one.endpoint]
        assert one.p95_ms == pytest.approx(percentile(own, 0.95))
    assert [hour for hour, _, _ in found.hourly] == sorted(
        {r["requested_at"].replace(minute=0, second=0, microsecond=0, tzinfo=UTC) for r in within}
    )
    assert sum(n for _, n, _ in found.hourly) == len(within)


def test_no_traffic_is_not_an_error() -> None:
    database = Database()
    database.migrate()
    found = traffic(database, since=SINCE, now=NOW)
    assert (found.n_requests, found.coverage, found.p95_ms, found.fallback_rate) == (0, 0.0, None, None)
    assert (found.by_endpoint, found.hourly) == ((), ())
    assert traffic(database, since=NOW, now=NOW).requests_per_minute == 0.0


def evaluations(release: str, window: str, day: int, values: dict[str, float]) -> pl.DataFrame:
    """Return what an evaluation leaves: a run for each model."""
    when = datetime(2026, 1, day)
    return pl.DataFrame(
        {
            "run_id": [f"{model} {window} {when}" for model in values],
            "evaluated_at": [when] * len(values),
            "release": [release] * len(values),
            "window": [window] * len(values),
            "model": list(values),
            "slice": ["returning"] * len(values),
            "metric": ["ndcg@10"] * len(values),
            "value": list(values.values()),
            "low": pl.Series([None] * len(values), dtype=pl.Float64),
            "high": pl.Series([None] * len(values), dtype=pl.Float64),
            "n_users": [day] * len(values),
        }
    )


@pytest.fixture
def evaluated() -> Iterator[Database]:
    """A database that holds the release "ours", and no evaluation."""
    database = Database()
    database.migrate()
    naive = NOW.replace(tzinfo=None)
    database.write("ingest/record_dataset", release="ours", origin="-", checksum="0", now=naive, n_rejected=0)
    yield database
    database.close()


def shown(database: Database) -> list[tuple[Any, ...]]:
    return newest_evaluation(database).select("model", "window", "value", "n_users").rows()


def test_the_newest_evaluation_is_of_this_release_and_on_validation(evaluated: Database) -> None:
    for part in (
        evaluations("ours", "validation", 1, {"als": 0.1, "ease": 0.2}),
        evaluations("ours", "validation", 2, {"als": 0.3, "item_knn": 0.4}),
        evaluations("ours", "test", 3, {"als": 0.5}),
        evaluations("another", "validation", 4, {"als": 0.6}),
    ):
        evaluated.append("lifecycle/record_evaluations", part)
    # Nothing of an earlier evaluation beside it either: its figures are of other people.
    assert shown(evaluated) == [("als", "validation", 0.3, 2), ("item_knn", "validation", 0.4, 2)]


def test_without_validation_the_test_window_is_shown(evaluated: Database) -> None:
    assert shown(evaluated) == []
    evaluated.append("lifecycle/record_evaluations", evaluations("ours", "test", 3, {"als": 0.5}))
    assert shown(evaluated) == [("als", "test", 0.5, 3)]
