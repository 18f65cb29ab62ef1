"""The measures, against the same figures worked out from the raw rows by Polars."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.monitoring.measures import (
    Coverage,
    Measures,
    Period,
    by_day,
    by_endpoint,
    by_hour,
    by_version,
    newest_evaluation,
    summary,
)
from tests.databases import copy_of
from tests.monitoring.logged import N_MOVIES, NOW, SINCE, a_request, database_of, frame_of
from tests.thorough import examples

PERIOD = Period(SINCE, NOW)
REQUEST = st.fixed_dictionaries(
    {
        "request_id": st.uuids().map(str),
        "requested_at": st.datetimes(datetime(2026, 1, 1, 10), datetime(2026, 1, 2, 14))
        | st.sampled_from([SINCE.replace(tzinfo=None), NOW.replace(tzinfo=None)]),
        "user_id": st.none() | st.integers(1, 4),
        "endpoint": st.sampled_from(
            ["recommend", "home", "rank", "together", "similar", "popular", "explain"]
        ),
        "model_version": st.sampled_from([None, "2", "10"]),
        "recommendations": st.lists(st.integers(1, N_MOVIES + 3), max_size=4),
        "latency_ms": st.floats(0, 100),
        "is_fallback": st.booleans(),
        "status": st.sampled_from([200, 200, 404, 422, 503]),
    }
)
SERVED = pl.col("status") < 400
FOR_PEOPLE = SERVED & pl.col("endpoint").is_in(["recommend", "home", "rank", "together"])
BROUGHT = pl.col("endpoint").is_in(["rank", "explain"])
RECOUNT = {
    "n_requests": pl.len(),
    "n_users": pl.col("user_id").drop_nulls().n_unique(),
    "n_errors": (pl.col("status") >= 400).sum(),
    "n_failures": (pl.col("status") >= 500).sum(),
    "latency_mean_ms": pl.col("latency_ms").filter(SERVED).mean(),
    **{
        f"p{share}_ms": pl.col("latency_ms").filter(SERVED).quantile(share / 100, "linear")
        for share in (50, 95, 99)
    },
    "fallback_rate": pl.col("is_fallback").filter(FOR_PEOPLE).mean(),
}


def recounted(rows: pl.DataFrame, key: pl.Expr) -> dict[Any, dict[str, Any]]:
    """Return the measures by key, from the rows alone."""
    groups = rows.group_by(key.alias("key")).agg(**RECOUNT)
    return {row.pop("key"): row for row in groups.to_dicts()}


def as_found(measures: Measures) -> dict[str, Any]:
    return {name: pytest.approx(value) for name, value in asdict(measures).items()}


def naive(found: dict[datetime, Measures]) -> dict[datetime, Measures]:
    return {begin.replace(tzinfo=None): one for begin, one in found.items()}


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(REQUEST, max_size=15, unique_by=lambda request: request["request_id"]))
def test_the_measures_are_what_a_recount_of_the_rows_says(requests: list[dict[str, Any]]) -> None:
    database = database_of(requests)
    found = summary(database, PERIOD)
    groups = {
        "endpoint": by_endpoint(database, PERIOD),
        "model_version": by_version(database, PERIOD),
        "hour": naive(by_hour(database, PERIOD)),
        "day": naive(by_day(database, PERIOD)),
    }
    database.close()
    when = pl.col("requested_at")
    rows = frame_of(requests).filter(
        when.is_between(SINCE.replace(tzinfo=None), NOW.replace(tzinfo=None), closed="left")
    )
    keys = {"hour": when.dt.truncate("1h"), "day": when.dt.truncate("1d")}
    total = rows.select(**RECOUNT).row(0, named=True)
    assert total | {"requests_per_minute": rows.height / 1440} == as_found(found.total)
    for name, by_name in groups.items():
        expected = recounted(rows, keys.get(name, pl.col(name)))
        assert set(by_name) == set(expected)
        for key, one in by_name.items():
            assert expected[key] | {"requests_per_minute": one.requests_per_minute} == as_found(one)
    assert found.by_endpoint == groups["endpoint"]
    chosen = rows.filter(~BROUGHT).explode("recommendations")
    shown = chosen.select(pl.col("recommendations").drop_nulls())
    known = shown.filter(pl.col("recommendations") <= N_MOVIES)
    assert (found.coverage.n_movies, found.coverage.n_places) == (N_MOVIES, known.height)
    assert found.coverage.share == pytest.approx(known.n_unique() / N_MOVIES)


def test_what_cannot_be_personal_does_not_hide_that_all_personal_lists_fell_back() -> None:
    fell_back = [
        a_request(endpoint=one, is_fallback=True) for one in ("recommend", "home", "rank", "together")
    ]
    others = [a_request(endpoint=one) for one in ("similar", "popular", "explain") for _ in range(20)]
    refused = a_request(endpoint="recommend", status=503)
    database = database_of([*fell_back, *others, refused])
    assert summary(database, PERIOD).total.fallback_rate == 1.0
    assert by_version(database, PERIOD)["1"].fallback_rate == 1.0
    rates = {endpoint: one.fallback_rate for endpoint, one in by_endpoint(database, PERIOD).items()}
    assert (rates["home"], rates["similar"], rates["popular"], rates["explain"]) == (1.0, None, None, None)
    database.close()


def test_films_that_somebody_brought_are_not_shown_by_the_app() -> None:
    brought = [a_request(endpoint=one, recommendations=[4, 5, 6]) for one in ("rank", "explain")]
    database = database_of([a_request(endpoint="together", recommendations=[1, 2]), *brought])
    assert summary(database, PERIOD).coverage == Coverage(N_MOVIES, n_shown=2, n_places=2)
    database.close()


def test_groups_come_in_their_order() -> None:
    busy = [a_request(endpoint="similar", model_version="9") for _ in range(2)]
    late = a_request(endpoint="recommend", model_version="10", requested_at=datetime(2026, 1, 2, 12, 20))
    early = a_request(endpoint="recommend", model_version=None, requested_at=datetime(2026, 1, 1, 13))
    other = a_request(endpoint="similar", model_version="10")
    database = database_of([late, *busy, early, other])
    assert list(by_endpoint(database, PERIOD)) == ["similar", "recommend"]
    assert list(by_version(database, PERIOD)) == ["10", "9", None]
    assert [hour.hour for hour in by_hour(database, PERIOD)] == [13, 11, 12]
    assert [day.day for day in by_day(database, PERIOD)] == [1, 2]
    database.close()


def test_the_rate_of_an_hour_counts_the_minutes_of_it_that_are_in_the_period() -> None:
    # The period begins at 12:30 the day before and ends at 12:30.
    times = (datetime(2026, 1, 1, 12, 45), datetime(2026, 1, 1, 13, 5), datetime(2026, 1, 2, 12, 29))
    database = database_of([a_request(requested_at=when) for when in times])
    rates = [one.requests_per_minute for one in by_hour(database, PERIOD).values()]
    assert rates == pytest.approx([1 / 30, 1 / 60, 1 / 30])
    assert [one.requests_per_minute for one in by_day(database, PERIOD).values()] == pytest.approx(
        [2 / 690, 1 / 750]
    )
    database.close()


def test_an_instant_in_another_zone_is_the_same_instant() -> None:
    database = database_of([a_request(requested_at=datetime(2026, 1, 2, 11))])
    zone = datetime.fromisoformat("2026-01-02T12:30:00+02:00")
    assert by_endpoint(database, Period(zone, NOW))["recommend"].n_requests == 1
    assert by_endpoint(database, Period(zone + timedelta(hours=1), NOW)) == {}
    database.close()


def test_no_traffic_is_not_an_error() -> None:
    database = copy_of()
    found = summary(database, PERIOD)
    assert (found.total.n_requests, found.total.p95_ms, found.total.fallback_rate) == (0, None, None)
    assert (found.coverage.share, found.by_endpoint) == (None, {})
    assert by_version(database, PERIOD) == by_hour(database, PERIOD) == by_day(database, PERIOD) == {}
    assert summary(database, Period(NOW, NOW)).total.requests_per_minute == 0.0
    database.close()


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
    database = copy_of()
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
