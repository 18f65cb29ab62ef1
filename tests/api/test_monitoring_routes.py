"""The measures as JSON: the same figures as in the log, in the forms that all routes share."""

import uuid
from datetime import datetime, timedelta

import pytest
from starlette.testclient import TestClient

from tests.api.api_app import NOW, App
from tests.monitoring.logged import a_request, log

ROUTES = ("summary", "endpoints", "versions", "hours", "days", "drift")


def ago(**time: float) -> datetime:
    return (NOW - timedelta(**time)).replace(tzinfo=None)


@pytest.fixture
def logged(app: App) -> TestClient:
    """A client of an app that was asked four times in the last day, and once before."""
    log(
        app.database,
        [
            a_request(requested_at=ago(hours=1), latency_ms=10.0, user_id=1, recommendations=[1, 2]),
            a_request(requested_at=ago(hours=1), latency_ms=20.0, user_id=2, is_fallback=True),
            a_request(requested_at=ago(hours=20), latency_ms=60.0, endpoint="similar", user_id=None),
            a_request(requested_at=ago(minutes=1), latency_ms=0.0, status=503, recommendations=[]),
            a_request(requested_at=ago(days=2), latency_ms=5.0, model_version="0"),
        ],
    )
    return app.client


def test_the_summary_says_how_the_period_stands_against_the_limits(logged: TestClient) -> None:
    body = logged.get("/monitoring/summary").json()
    uuid.UUID(body["request_id"])
    assert datetime.fromisoformat(body["until"]) == NOW
    assert datetime.fromisoformat(body["since"]) == NOW - timedelta(days=1)
    assert (body["n_requests"], body["n_users"], body["n_failures"]) == (4, 2, 1)
    assert body["latency_mean_ms"] == pytest.approx(30.0)
    # Of the lists for people: what is similar cannot be personal.
    assert body["fallback_rate"] == pytest.approx(1 / 2)
    assert body["coverage"]["n_shown"] == 2
    verdicts = {check["name"]: check["verdict"] for check in body["checks"]}
    assert verdicts["p95_recommend_ms"] == "green"
    assert verdicts["p95_similar_ms"] == verdicts["failures"] == verdicts["fallback_rate"] == "red"
    assert all(check["sentence"].endswith(".") for check in body["checks"])


def test_endpoints_versions_hours_and_days(logged: TestClient) -> None:
    endpoints = logged.get("/monitoring/endpoints").json()["endpoints"]
    assert [(one["endpoint"], one["n_requests"]) for one in endpoints] == [("recommend", 3), ("similar", 1)]
    versions = logged.get("/monitoring/versions?since=7d").json()["versions"]
    assert [(one["model_version"], one["n_requests"]) for one in versions] == [("1", 4), ("0", 1)]
    for route in ("hours", "days"):
        stretches = logged.get(f"/monitoring/{route}?since=7d").json()[route]
        begins = [datetime.fromisoformat(one["begins_at"]) for one in stretches]
        assert begins == sorted(begins)
        assert sum(one["n_requests"] for one in stretches) == 5


def test_drift_compares_what_was_shown_with_what_was_liked(logged: TestClient) -> None:
    body = logged.get("/monitoring/drift").json()
    assert body["n_shown"] == 6
    assert body["n_liked_before"] > 0
    assert sum(group["shown"] for group in body["genres"]["groups"]) == pytest.approx(1)
    assert body["ages"]["model_days"] == 0.0


@pytest.mark.parametrize(
    ("query", "n_requests"),
    [
        ("since=30m", 1),
        ("since=2h", 3),
        ("since=3d", 5),
        ("since=3d&until=1d", 1),
        (f"since={ago(hours=2).isoformat()}", 3),
        (f"since={ago(hours=2).isoformat()}Z", 3),
        (f"since={ago(hours=2).isoformat()}%2B00:00&until={ago(minutes=30).isoformat()}", 2),
        ("since=0001-01-01", 5),
    ],
)
def test_a_period_is_given_as_instants_or_as_times_back(
    logged: TestClient, query: str, n_requests: int
) -> None:
    assert logged.get(f"/monitoring/summary?{query}").json()["n_requests"] == n_requests


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("since=yesterday", "since has to be an instant such as 2026-01-31T12:00:00Z"),
        ("since=", "since has to be an instant"),
        ("since=0001-01-01T00:00:00%2B14:00", "since has to be an instant"),
        ("until=24", "until has to be an instant"),
        ("since=2999-01-01", "has to be before the period's end"),
        ("since=0m", "has to be before the period's end"),
        ("until=0001-01-01", "lies before the year 1"),
        ("from=1d", "it takes since, until"),
    ],
)
def test_a_period_that_is_none_is_refused_with_a_sentence(
    served: App, route: str, query: str, says: str
) -> None:
    answer = served.client.get(f"/monitoring/{route}?{query}")
    assert answer.status_code == 422
    body = answer.json()
    assert set(body) == {"error", "detail", "request_id"}
    assert body["error"] == "invalid"
    assert says in body["detail"]


@pytest.mark.parametrize("route", ROUTES)
def test_before_the_first_ingest_there_is_an_answer_too(empty: App, route: str) -> None:
    answer = empty.client.get(f"/monitoring/{route}")
    assert answer.status_code == 200
    assert "NaN" not in answer.text
