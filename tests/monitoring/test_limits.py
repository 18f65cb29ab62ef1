"""Where a measure turns amber and red, and what is said of it."""

from datetime import UTC, datetime

import pytest

from movieapp.monitoring.limits import Check, Verdict, checks, least, most
from movieapp.monitoring.measures import Coverage, Measures, Period, Summary

PERIOD = Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))


def measures(p95_ms: float | None = 1.0, fallback_rate: float | None = 0.0, n_failures: int = 0) -> Measures:
    return Measures(100, 3, n_failures, n_failures, 0.1, p95_ms, p95_ms, p95_ms, p95_ms, fallback_rate)


def checked(total: Measures, coverage: Coverage, **by_endpoint: Measures) -> dict[str, Check]:
    return {check.name: check for check in checks(Summary(PERIOD, total, coverage, by_endpoint))}


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (0.0, Verdict.GREEN),
        (79.9, Verdict.GREEN),
        (80.0, Verdict.AMBER),
        (100.0, Verdict.AMBER),
        (100.1, Verdict.RED),
    ],
)
def test_at_most_a_hundred(value: float, verdict: Verdict) -> None:
    assert most(value, 100.0) is verdict


def test_of_what_must_not_be_at_all_one_is_too_many() -> None:
    assert (most(0, 0), most(1, 0)) == (Verdict.GREEN, Verdict.RED)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (0.0, Verdict.RED),
        (0.499, Verdict.RED),
        (0.5, Verdict.AMBER),
        (0.625, Verdict.AMBER),
        (0.63, Verdict.GREEN),
    ],
)
def test_at_least_a_half(value: float, verdict: Verdict) -> None:
    assert least(value, 0.5) is verdict


def test_each_limit_has_its_own_measure() -> None:
    found = checked(
        measures(fallback_rate=0.12, n_failures=2),
        Coverage(n_movies=100, n_shown=40, n_places=900),
        recommend=measures(p95_ms=85.0),
        similar=measures(p95_ms=51.0),
    )
    assert {name: (check.value, check.limit, check.verdict) for name, check in found.items()} == {
        "p95_recommend_ms": (85.0, 100.0, "amber"),
        "p95_similar_ms": (51.0, 50.0, "red"),
        "fallback_rate": (0.12, 0.1, "red"),
        "failures": (2, 0, "red"),
        "coverage": (0.4, 0.5, "red"),
    }
    assert found["p95_recommend_ms"].sentence == (
        "19 of 20 answers took at most 85.0 ms, close to the limit of 100 ms."
    )
    assert "12 % of the lists for people" in found["fallback_rate"].sentence
    assert "2 of 100 requests failed" in found["failures"].sentence
    assert "40 of 100 films were in some list, under the limit of 50 %." in found["coverage"].sentence


def test_without_traffic_there_is_no_verdict_but_a_sentence() -> None:
    nothing = Measures(0, 0, 0, 0, 0.0, None, None, None, None, None)
    for check in checked(nothing, Coverage(100, 0, 0)).values():
        assert check.verdict is Verdict.UNKNOWN
        assert "in this time" in check.sentence
    assert checked(nothing, Coverage(0, 0, 0))["coverage"].value is None


def test_lists_with_too_few_places_for_half_the_films_do_not_break_the_coverage_limit() -> None:
    few = checked(measures(), Coverage(n_movies=100, n_shown=30, n_places=49))["coverage"]
    assert few.verdict is Verdict.UNKNOWN
    assert "too few to tell" in few.sentence
    enough = checked(measures(), Coverage(n_movies=100, n_shown=30, n_places=50))["coverage"]
    assert enough.verdict is Verdict.RED
