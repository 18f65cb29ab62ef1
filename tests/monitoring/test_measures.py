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
from movieapp.monitoring.measures import evaluation_table, traffic

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


EVALUATIONS = pl.DataFrame(
    [
        ("a", datetime(2026, 1, 1), "als", "validation", "ndcg@10", 0.1),
        ("b", datetime(2026, 1, 2), "als", "validation", "ndcg@10", 0.2),
        ("b", datetime(2026, 1, 2), "als", "validation", "mrr", 0.3),
        ("a", datetime(2026, 1, 1), "als", "test", "ndcg@10", 0.4),
        ("c", datetime(2026, 1, 1), "item_knn", "validation", "ndcg@10", 0.5),
    ],
    schema=["run_id", "evaluated_at", "model", "window", "metric", "value"],
    orient="row",
).with_columns(
    release=pl.lit("made-up"),
    slice=pl.lit("returning"),
    low=pl.lit(None, pl.Float64),
    high=pl.lit(None, pl.Float64),
    n_users=pl.lit(7, pl.Int32),
)


@pytest.fixture
def evaluated() -> Iterator[Database]:
    database = Database()
    database.migrate()
    database.append("lifecycle/record_evaluations", EVALUATIONS)
    yield database
    database.close()


def test_the_table_has_the_newest_of_each_model_and_window(evaluated: Database) -> None:
    table = evaluation_table(evaluated)
    assert table.columns == [
        "model",
        "window",
        "slice",
        "metric",
        "value",
        "low",
        "high",
        "n_users",
        "evaluated_at",
    ]
    newest = EVALUATIONS.filter(
        pl.col("evaluated_at") == pl.col("evaluated_at").max().over("model", "window")
    ).sort("window", "model", "slice", "metric")
    assert table.equals(newest.select(table.columns))


def test_the_table_of_one_run(evaluated: Database) -> None:
    assert evaluation_table(evaluated, run_id="a")["value"].to_list() == [0.4, 0.1]
    assert evaluation_table(evaluated, run_id="unknown").is_empty()
