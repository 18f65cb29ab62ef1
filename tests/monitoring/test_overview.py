"""What the lifecycle left, read for the page and the report."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from movieapp.database import Database
from movieapp.monitoring.measures import Period
from movieapp.monitoring.overview import Figure, decisions, job_runs, overview
from movieapp.monitoring.wording import version_row
from tests.monitoring.logged import NOW, SINCE, a_request, database_of

PERIOD = Period(SINCE, NOW)
THEN = datetime(2026, 1, 2, 3)


@pytest.fixture
def database() -> Iterator[Database]:
    """Eight films and two answers, by versions 2 and 10."""
    database = database_of([a_request(model_version="2"), a_request(model_version="10")])
    yield database
    database.close()


def decide(
    database: Database, challenger: str, when: datetime, numbers: dict[str, Any], **other: Any
) -> None:
    row = {"champion": None, "is_promoted": True, "made_by": "gate", "reasoning": "Because.", **other}
    database.write(
        "lifecycle/record_decision",
        decided_at=when,
        challenger=challenger,
        numbers=json.dumps(numbers),
        **row,
    )


def measure(
    database: Database, when: datetime, model: str, values: dict[str, float], *, release: str = "ours"
) -> None:
    frame = pl.DataFrame({"metric": list(values), "value": list(values.values())}).with_columns(
        run_id=pl.lit(model),
        evaluated_at=pl.lit(when),
        release=pl.lit(release),
        window=pl.lit("validation"),
        model=pl.lit(model),
        slice=pl.lit("returning"),
        low=pl.col("value") / 2,
        high=pl.col("value") * 2,
        n_users=pl.lit(7),
    )
    database.append("lifecycle/record_evaluations", frame)


def test_a_version_has_the_figures_of_the_model_that_was_decided_on(database: Database) -> None:
    measure(database, THEN, "als", {"ndcg@10": 0.31, "mrr": 0.4})
    measure(database, THEN, "ease", {"ndcg@10": 0.33, "mrr": 0.5})
    after = {"ndcg@10": {"before": 0.3, "after": 0.31}, "mrr": {"before": 0.3, "after": 0.4}}
    decide(database, "10", THEN, {"metrics": after})
    newest, older = overview(database, PERIOD).versions
    assert (newest.version, newest.model) == ("10", "als")
    assert newest.offline == {"ndcg@10": Figure(0.31, 0.155, 0.62), "mrr": Figure(0.4, 0.2, 0.8)}
    assert newest.traffic is not None
    assert newest.traffic.n_requests == 1
    assert (older.version, older.model, older.offline) == ("2", None, {})


def test_without_the_measurement_the_decision_s_values_stand_alone(database: Database) -> None:
    decide(
        database, "3", THEN, {"metrics": {"returning/ndcg@10": {"after": 0.2}, "new/ndcg@10": {"after": 0.9}}}
    )
    found = {one.version: one for one in overview(database, PERIOD).versions}["3"]
    assert found.offline == {"ndcg@10": Figure(0.2)}


def test_a_promotion_by_hand_leaves_the_figures_of_the_gate(database: Database) -> None:
    decide(database, "3", THEN, {"metrics": {"ndcg@10": {"before": None, "after": 0.2}}})
    decide(database, "3", THEN + timedelta(hours=1), {}, made_by="hand")
    found = overview(database, PERIOD)
    assert [one.made_by for one in found.decisions] == ["hand", "gate"]
    assert {one.version: one for one in found.versions}["3"].offline == {"ndcg@10": Figure(0.2)}


def test_decisions_come_newest_first_and_none_from_after_the_period(database: Database) -> None:
    gain = {"value": 0.01, "low": -0.01, "high": 0.03, "probability_better": 0.9}
    decide(database, "3", THEN, {"metrics": {"mrr": {"before": 0.1, "after": 0.2}}, "gain": gain})
    decide(database, "4", THEN + timedelta(minutes=1), {})
    decide(database, "5", THEN + timedelta(days=9), {})
    first, second = decisions(database, until=NOW)
    assert (first.challenger, first.changes, first.gain) == ("4", {}, None)
    assert (second.changes, second.gain) == ({"mrr": (0.1, 0.2)}, Figure(0.01, -0.01, 0.03))
    assert second.decided_at == THEN.replace(tzinfo=UTC)


def test_of_each_job_the_newest_five_runs_are_shown(database: Database) -> None:
    with database.transaction() as cursor:
        for job, count in (("publish", 7), ("retrain", 1)):
            for minute in range(count):
                began = THEN + timedelta(minutes=minute)
                cursor._cursor.execute(
                    "insert into job_runs (run_id, job, started_by, started_at) "
                    "values (uuid(), ?, 'page', ?)",
                    [job, began],
                )
    runs = job_runs(database, until=NOW)
    assert [run.job for run in runs] == ["publish"] * 5 + ["retrain"]
    assert runs[0].started_at == (THEN + timedelta(minutes=6)).replace(tzinfo=UTC)
    assert runs[0].finished_at is None
    assert job_runs(database, until=NOW - timedelta(days=1)) == ()


def test_what_people_did_stands_beside_the_popular_list(database: Database) -> None:
    with database.transaction() as cursor:
        cursor._cursor.execute(
            "insert into replay_versions values "
            "('10', false, 'hit_rate', .3, .2, .4, .25, .1, .4, 12, 40, 3, ?), "
            "('10', true, 'hit_rate', .1, .1, .1, .1, .1, .1, 99, 99, 3, ?)",
            [THEN, THEN],
        )
        for version, value, people in (("10", 0.4, 30), ("2", 0.0, 10)):
            cursor._cursor.execute(
                "insert into replay_results values "
                "('2025-12-20', ?, false, 'hit_rate', ?, 0, 1, ?, 0, 1, ?, 9, 10, 7, true, ?)",
                [version, value, value / 2, people, THEN],
            )
    found = overview(database, PERIOD)
    assert found.versions[0].realized == {"hit_rate": Figure(0.3, 0.2, 0.4, 0.25)}
    assert found.versions[0].n_people == 12
    (day,) = found.realized.to_dicts()
    assert (day["value"], day["control"], day["n_users"]) == (pytest.approx(0.3), pytest.approx(0.15), 40)


def test_what_was_received_on_another_release_is_told_apart(database: Database) -> None:
    for release, version, at in (("old", "1", THEN), ("new", "2", THEN + timedelta(hours=1))):
        measure(database, at, "als", {"ndcg@10": 0.3}, release=release)
        decide(database, version, at, {"metrics": {"ndcg@10": {"after": 0.3}}})
    with database.transaction() as cursor:
        for day, version, value in ((20, "1", 0.9), (21, "2", 0.4)):
            cursor._cursor.execute(
                "insert into replay_results values "
                "(?, ?, false, 'hit_rate', ?, 0, 1, .2, 0, 1, 10, 9, 10, 7, true, ?)",
                [f"2025-12-{day}", version, value, THEN],
            )
    database.write("ingest/record_dataset", release="new", origin="-", checksum="1", now=THEN, n_rejected=0)
    found = overview(database, PERIOD)
    assert found.realized["value"].to_list() == [pytest.approx(0.4)]
    assert {one.version: one.other_release for one in found.versions} == {"10": None, "2": None, "1": "old"}
    assert [version_row(one)[0] for one in found.versions] == ["v10", "v2\nals", "v1\nals\nold"]


def test_a_period_is_shown_by_the_hour_or_by_the_day_without_gaps(database: Database) -> None:
    day = overview(database, PERIOD)
    assert [one.begins_at.hour for one in day.stretches] == [11, 12]
    assert day.stretches[1].measures is None
    week = overview(database, Period(NOW - timedelta(days=7), NOW + timedelta(days=2)))
    assert [one.begins_at.day for one in week.stretches] == [2, 3, 4]
    assert not week.is_hourly
