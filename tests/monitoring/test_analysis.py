"""The analysts' file: what its views say of a small log, and that questions can do nothing but ask."""

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movieapp.database import Database, Published, statement
from movieapp.errors import Invalid, MovieAppError, NotReady
from movieapp.jobs.runs import StartedBy
from movieapp.jobs.table import JOBS
from movieapp.monitoring.analysis import csv_of, is_number, published_at, questions
from tests.monitoring.logged import a_request, database_of, rate
from tests.thorough import examples

DAY = datetime(2026, 1, 1)
NEXT = datetime(2026, 1, 2)
NOW = datetime(2026, 1, 3, 4, 5, 6, tzinfo=UTC)
REQUEST = "00000000-0000-0000-0000-000000000001"


def a_log() -> list[dict[str, Any]]:
    """Two days, by two people and by nobody: one answer fell back, one request was refused, one failed.

    On the second, somebody brought films to be ranked and one to be explained.
    """
    return [
        a_request(request_id=REQUEST, requested_at=DAY, user_id=1, recommendations=[1, 2], latency_ms=1.0),
        a_request(requested_at=DAY, user_id=2, recommendations=[1], latency_ms=3.0, is_fallback=True),
        a_request(requested_at=DAY, user_id=2, recommendations=[], status=404, latency_ms=50.0),
        a_request(
            requested_at=NEXT, user_id=None, recommendations=[3], model_version="2", endpoint="popular"
        ),
        a_request(requested_at=NEXT, user_id=None, recommendations=[], status=503, endpoint="popular"),
        a_request(requested_at=NEXT, user_id=1, recommendations=[7, 8], endpoint="rank", is_fallback=True),
        a_request(requested_at=NEXT, user_id=1, recommendations=[8], endpoint="explain"),
    ]


def job_run(job: str, outcome: str | None, minute: int, *, error: str | None = None) -> dict[str, Any]:
    """Return a run of 30 seconds; one without an outcome has not ended."""
    return {
        "job": job,
        "started_at": DAY + timedelta(minutes=minute),
        "finished_at": DAY + timedelta(minutes=minute, seconds=30) if outcome else None,
        "outcome": outcome,
        "summary": "It did something." if outcome == "done" else None,
        "error": error,
    }


def fill(database: Database) -> None:
    """Add to the log what people and jobs left, of each kind a little."""
    database.write("ingest/record_dataset", release="r", origin="-", checksum="0", now=DAY, n_rejected=3)
    rate(database, [(1, 2, 5.0, DAY + timedelta(days=1)), (2, 1, 4.0, NEXT), (2, 3, 2.0, NEXT)])
    with database.transaction() as cursor:
        inner = cursor._cursor
        event = "insert into feedback values (uuid(), ?, ?, ?, ?, null, ?)"
        inner.execute(event, [NEXT, 1, 2, "click", REQUEST])
        inner.execute(event, [NEXT, 1, 4, "like", None])
        inner.execute(event, [NEXT, 3, 2, "like", None])
        inner.execute(event, [NEXT, 1, 5, "like", None])
        inner.execute(event, [NEXT, 1, 5, "opinion_removed", None])
        # As it stands after that: what person 2 likes was imported, so that no event tells of it.
        for user_id, movie_id, opinion in ((1, 4, "like"), (3, 2, "like"), (2, 4, "like"), (2, 6, "hide")):
            inner.execute("insert into opinions values (?, ?, ?, ?)", [user_id, movie_id, opinion, NEXT])
        rejected = "insert into rejected_rows values ('ratings.csv', ?, ?, ?)"
        inner.execute(rejected, [9, "no such movie", "line nine"])
        inner.execute(rejected, [7, "no such movie", "line seven"])
        inner.execute(rejected, [8, "stars out of range", "line eight"])
        unknown = "insert into unknown_movies values (?, ?, ?, ?, ?)"
        inner.execute(unknown, [3, None, 5, DAY, NEXT])
        inner.execute(unknown, [None, "Nothing (1900)", 7, DAY, DAY])
        for run in (
            job_run("retrain", "done", 0),
            job_run("retrain", "failed", 10, error="It broke."),
            job_run("retrain", None, 20),
        ):
            names = ", ".join(run)
            inner.execute(
                f"insert into job_runs (run_id, started_by, {names}) "  # noqa: S608
                f"values (uuid(), 'schedule', {', '.join('?' * len(run))})",
                list(run.values()),
            )
        inner.execute(
            "insert into replay_results values "
            "(?, '2', false, 'hit_rate', 0.5, 0.4, 0.6, 0.3, 0.2, 0.4, 9, 12, 10, 7, true, ?)",
            [DAY, NEXT],
        )
        inner.execute(
            "insert into replay_versions values "
            "('2', false, 'hit_rate', 0.45, 0.4, 0.5, 0.3, 0.2, 0.4, 9, 12, 1, ?)",
            [NEXT],
        )
    decide(database)


def decide(database: Database) -> None:
    """Version 1 is the first, version 2 misses a rule and is promoted by hand afterwards."""
    gain = {"value": 0.02, "low": 0.01, "high": 0.03, "probability_better": 0.99}
    changes = {"returning/ndcg@10": {"before": 0.30, "after": 0.32}, "new/mrr": {"before": 0.2, "after": 0.1}}
    verdict = {"n_users": 40, "metrics": changes, "gain": gain, "failed": ["new/mrr"]}
    first = {"metrics": {"returning/ndcg@10": {"after": 0.30}}}
    for at, champion, challenger, promoted, by, numbers in (
        (DAY, None, "1", True, "gate", first),
        (NEXT, "1", "2", False, "gate", verdict),
        (NEXT + timedelta(hours=1), "1", "2", True, "hand", {}),
    ):
        database.write(
            "lifecycle/record_decision",
            decided_at=at,
            champion=champion,
            challenger=challenger,
            is_promoted=promoted,
            made_by=by,
            reasoning="Because.",
            numbers=json.dumps(numbers),
        )
    evaluated = {
        "run_id": ["a", "a"],
        "evaluated_at": [NEXT, NEXT],
        "release": ["r", "r"],
        "window": ["validation", "validation"],
        "model": ["als", "popularity"],
        "slice": ["returning", "returning"],
        "metric": ["ndcg@10", "ndcg@10"],
        "value": [0.32, 0.11],
        "low": [0.31, 0.10],
        "high": [0.33, 0.12],
        "n_users": [40, 40],
    }
    database.append("lifecycle/record_evaluations", pl.DataFrame(evaluated))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The small log, published."""
    genres = [["Drama"], ["Drama", "War"], [], ["War"], ["War"], [], [], []]
    database = database_of(a_log(), genres)
    fill(database)
    target = tmp_path_factory.mktemp("published") / "analytics.duckdb"
    database.publish(target, now=NOW)
    database.close()
    return Published(target, rows=50, seconds=60.0)


@pytest.fixture(scope="module")
def file(published: Published) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, opened as an analyst does."""
    with duckdb.connect(str(published.path), read_only=True) as connection:
        yield connection


one, other = date(2026, 1, 1), date(2026, 1, 2)
KNOWN: dict[str, list[tuple[Any, ...]]] = {
    "select day, n_requests, requests_per_minute, n_users, n_refused, n_failed from daily_traffic": [
        (one, 3, 0.002, 2, 1, 0),
        (other, 4, 0.003, 1, 0, 1),
    ],
    "from daily_latency": [
        (one, "recommend", 2, 2.0, 2.0, pytest.approx(2.9), pytest.approx(2.98), 3.0),
        (other, "explain", 1, 2.0, 2.0, 2.0, 2.0, 2.0),
        (other, "popular", 1, 2.0, 2.0, 2.0, 2.0, 2.0),
        (other, "rank", 1, 2.0, 2.0, 2.0, 2.0, 2.0),
    ],
    "from daily_coverage": [(one, 2, 8, 0.25), (other, 1, 8, 0.125)],
    "from version_coverage": [("2", 1, 1, 8, 0.125), ("1", 3, 2, 8, 0.25)],
    "from daily_fallback": [(one, 2, 1, 0.5), (other, 1, 1, 1.0)],
    "from daily_feedback": [
        (other, "click", 1, 1, 1),
        (other, "like", 3, 2, 0),
        (other, "opinion_removed", 1, 1, 0),
    ],
    "from daily_ratings": [(other, "app", 3, 2, pytest.approx(11 / 3))],
    "from daily_realized": [(one, "2", "r", False, "hit_rate", 0.5, 0.4, 0.6, 0.3, 9, True)],
    "from version_figures": [
        ("2", "r", "offline", "new", "mrr", 0.1, None, None, None, None, NEXT),
        ("1", None, "offline", "returning", "ndcg@10", 0.3, None, None, None, None, DAY),
        ("2", "r", "offline", "returning", "ndcg@10", 0.32, 0.31, 0.33, None, 40, NEXT),
        ("2", "r", "realized", "personal", "hit_rate", 0.45, 0.4, 0.5, 0.3, 9, NEXT),
    ],
    "select challenger, is_promoted, made_by, gain, probability_better, n_users, failed from decisions": [
        ("2", True, "hand", None, None, None, []),
        ("2", False, "gate", 0.02, 0.99, 40, ["new/mrr"]),
        ("1", True, "gate", None, None, None, []),
    ],
    "select user_id, model_version, place, title, score from recommended_movies order by all": [
        (1, "1", 1, "Film 1", 1.0),
        (1, "1", 2, "Film 2", 2.0),
        (2, "1", 1, "Film 1", 1.0),
        (None, "2", 1, "Film 3", 3.0),
    ],
    "from top_recommended_movies": [
        (1, "Film 1", 2000, 2, 2, 1.0),
        (2, "Film 2", 2000, 1, 1, 2.0),
        (3, "Film 3", 2000, 1, 0, 1.0),
    ],
    "select movie_id, n_likes, n_ratings, mean_rating from top_liked_movies": [
        (2, 2, 1, 5.0),
        (4, 2, 0, None),
        (1, 1, 1, 4.0),
        (3, 0, 1, 2.0),
    ],
    # Places: film 1 twice, 2 and 3 once. Likes: films 2 and 4 twice, 1 once.
    "from genres_recommended_and_liked": [
        ("Drama", 1.5 / 8, 0.625, 0.4),
        ("(none listed)", 4 / 8, 0.25, 0.0),
        ("War", 2.5 / 8, 0.125, 0.6),
    ],
    "select user_id, n_ratings, n_own_ratings, n_requests, n_events from user_activity": [
        (1, 1, 1, 3, 4),
        (2, 2, 2, 2, 0),
        (3, 0, 0, 0, 1),
    ],
    "select user_id, first_at, last_at from user_activity order by user_id": [
        (1, DAY, NEXT),
        (2, DAY, NEXT),
        (3, NEXT, NEXT),
    ],
    "from unknown_movies_asked": [
        (None, "Nothing (1900)", 7, DAY, DAY, False, 0),
        (3, "Film 3", 5, DAY, NEXT, True, 1),
    ],
    "from rejected_rows_by_reason": [
        ("ratings.csv", "no such movie", 2, 7, "line seven"),
        ("ratings.csv", "stars out of range", 1, 8, "line eight"),
    ],
    "select job, seconds, outcome, told from job_history": [
        ("retrain", None, "running", None),
        ("retrain", 30.0, "failed", "It broke."),
        ("retrain", 30.0, "done", "It did something."),
    ],
    "from job_summary": [("retrain", 3, 1, DAY + timedelta(minutes=20), "failed", 30.0, 30.0)],
}


@pytest.mark.parametrize("sql", KNOWN)
def test_a_view_says_what_is_true_of_a_small_log(file: duckdb.DuckDBPyConnection, sql: str) -> None:
    assert [tuple(row) for row in file.execute(sql).fetchall()] == KNOWN[sql]


def test_every_view_has_a_known_answer(file: duckdb.DuckDBPyConnection) -> None:
    views = {
        name for (name,) in file.execute("select view_name from duckdb_views() where not internal").fetchall()
    }
    assert views == {sql.split("from ")[-1].split()[0] for sql in KNOWN}


def test_the_comments_name_every_job_and_all_that_starts_one(file: duckdb.DuckDBPyConnection) -> None:
    about = dict(
        file.execute(
            "select column_name, comment from duckdb_columns() where table_name = 'job_runs'"
        ).fetchall()
    )
    named = {column: set(re.findall(r'"(\w+)"', about[column])) for column in ("job", "started_by")}
    assert named == {"job": {*JOBS, "train", "prepare"}, "started_by": set(get_args(StartedBy))}


def test_the_questions_to_begin_with_are_answered(published: Published) -> None:
    answers = {question.title: published.ask(question.sql) for question in questions()}
    assert len(answers) == len(questions())
    assert [title for title, answer in answers.items() if not answer.rows] == []
    # Place 1 was shown to two known people, place 2 to one, who rated and clicked it: one list, once.
    (followed,) = [answers[title] for title in answers if title.startswith("At which place")]
    assert followed.rows == (("1", "2", "1", "0.5"), ("2", "1", "1", "1.0"))
    (versions,) = [answers[title] for title in answers if title.startswith("Which version")]
    assert [row[:3] + row[4:5] for row in versions.rows] == [
        ("2", "r", "0.32", "0.45"),
        ("1", None, "0.3", None),
    ]


def test_films_are_taken_up_by_stars_likes_and_events_that_still_stand() -> None:
    database = database_of([a_request(requested_at=DAY, recommendations=[1, 2, 3, 4, 5, 6, 7])])
    rate(
        database, [(1, 1, 2.0, NEXT), (1, 2, 5.0, DAY - timedelta(days=1))]
    )  # the second before it was shown
    with database.transaction() as cursor:
        # Imported: no event tells of it.
        cursor._cursor.execute("insert into opinions values (1, 3, 'like', ?), (1, 4, 'hide', ?)", [NEXT] * 2)
        told = [(5, "like"), (5, "opinion_removed"), (5, "note"), (5, "note_removed"), (6, "watched")]
        told += [(7, "watchlist"), (7, "watchlist_removed"), (7, "watchlist")]
        for minute, (movie_id, event) in enumerate(told):
            at = NEXT + timedelta(minutes=minute)
            cursor._cursor.execute(
                "insert into feedback values (uuid(), ?, 1, ?, ?, null, null)", [at, movie_id, event]
            )
        cursor._cursor.execute(statement("views/recommended_movies"))
    places = database.read("questions/followed").rows()
    database.close()
    assert [n_followed for _place, _n_shown, n_followed, _share in places] == [1, 0, 1, 0, 0, 1, 1]


def test_the_file_says_how_old_it_is(published: Published, tmp_path: Path) -> None:
    assert published_at(published) == NOW
    assert published_at(Published(tmp_path / "nothing.duckdb")) is None


def test_an_answer_has_names_types_and_values_as_duckdb_writes_them(published: Published) -> None:
    answer = published.ask(
        "select 1 as a, null as b, [1, 2] as c, 'x' as a, timestamptz '2020-01-01' as t -- so"
    )
    assert answer.columns == ("a", "b", "c", "a", "t")
    assert answer.types == ("INTEGER", '"NULL"', "INTEGER[]", "VARCHAR", "TIMESTAMP WITH TIME ZONE")
    assert answer.rows[0][:4] == ("1", None, "[1, 2]", "x")
    assert not answer.is_cut
    assert [is_number(kind) for kind in ("INTEGER", "UBIGINT", "DECIMAL(3,1)", "INTEGER[]", "VARCHAR")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sql", ["describe movies", "summarize movies", "show tables", "explain select 1", "from movies"]
)
def test_every_kind_of_question_is_answered(published: Published, sql: str) -> None:
    assert published.ask(sql).rows


def test_an_answer_is_cut_at_the_limits_of_rows_and_size(published: Published) -> None:
    answer = published.ask("select range as n from range(1000) order by n desc;")
    assert [len(answer.rows), answer.rows[0], answer.is_cut] == [50, ("999",), True]
    assert not published.ask("from range(50)").is_cut
    large = published.ask("select repeat('x', 4000000) from range(5)")
    assert [len(large.rows), large.is_cut] == [2, True]


def test_csv_holds_names_rows_and_empty_fields_for_null(published: Published) -> None:
    text = csv_of(
        published.ask("""select 'a,"b"' as "n 1", null as m union all select 'zwei\nZeilen', 'ü'""")
    )
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [["n 1", "m"], ['a,"b"', ""], ["zwei\nZeilen", "ü"]]


REFUSED = {
    "": "no question",
    "-- nothing": "no question",
    "select 1; select 2": "One question at a time",
    "select $x": "no parameters",
    "insert into movies values (1)": "Only questions",
    "create temp table t as select 1": "Only questions",
    "set threads = 8": "Only questions",
    "attach ':memory:' as m": "Only questions",
    "copy movies to 'FOLDER/out.csv'": "Only questions",
    "export database 'FOLDER/out'": "Only questions",
    "install httpfs": "Only questions",
    "explain analyze copy movies to 'FOLDER/out.csv'": "switched off",
    "from read_csv('/etc/passwd')": "switched off",
    "from read_text('FOLDER/secret')": "switched off",
    "from glob('/*')": "switched off",
    "from read_blob('http://127.0.0.1:9/')": "switched off",
    "from duckdb_secrets()": "switched off",
    "from published": "published does not exist",
    "selec 1": "Line 1: Parser Error",
    "select nothing from movies": 'column "nothing" not found',
    "select 'x'::integer": "Could not convert",
    "x" * 20_001: "at most 20,000 characters",
    "select '\ud800'": "half a character",
    "select list(range) from range(1000000000)": "more than 512 MB",
    # DuckDB does not count this against its limit, and does not notice that it is to stop.
    "select repeat('x', 4000000000)": "more than 512 MB",
}


@pytest.mark.parametrize("sql", REFUSED, ids=lambda sql: sql[:40])
def test_what_cannot_be_answered_is_refused_in_a_sentence(
    published: Published, sql: str, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret")
    with pytest.raises(Invalid) as refusal:
        published.ask(sql.replace("FOLDER", str(tmp_path)))
    assert REFUSED[sql] in str(refusal.value)
    assert str(refusal.value).endswith((".", "?"))
    assert os.listdir(tmp_path) == ["secret"]


def test_what_takes_too_long_is_stopped(published: Published) -> None:
    hasty = Published(published.path, seconds=1.0)
    with pytest.raises(Invalid, match="longer than 1 seconds"):
        hasty.ask("select sum(a.range) from range(1000000) a, range(1000000) b")


def test_before_anything_is_published_a_question_is_not_ready(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="Nothing is published yet"):
        Published(tmp_path / "analytics.duckdb").ask("select 1")


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "analytics.duckdb").write_text("a shopping list " * 1000)
    with pytest.raises(Invalid, match="not a valid DuckDB database"):
        Published(tmp_path / "analytics.duckdb").ask("select 1")


WORDS = """
select from movies ratings requests where copy to attach create table insert into values update set
delete drop
pragma call export import install load vacuum checkpoint explain analyze with as union all
( ) , ; * = ' " $ ?
1 null 'x' 'x.csv' read_csv read_text query begin commit prepare execute use temp
"""
SQL = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join))


@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sql=SQL)
def test_no_text_raises_anything_else_or_changes_or_makes_a_file(
    published: Published, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = (os.listdir(published.path.parent), published.path.read_bytes())
    with suppress(MovieAppError):
        answer = published.ask(sql)
        assert all(len(row) == len(answer.columns) for row in answer.rows)
    assert (os.listdir(published.path.parent), published.path.read_bytes()) == before
    assert os.listdir(tmp_path) == []


def test_the_age_is_asked_with_a_statement_that_a_question_may_be(published: Published) -> None:
    assert published.ask(statement("publishing/published_at")).columns == ("published_at",)
