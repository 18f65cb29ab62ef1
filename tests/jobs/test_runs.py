"""Every run is recorded: how far it is, how it ended, and that it never did."""

from collections.abc import Callable
from datetime import datetime, timedelta

import polars as pl
import pytest

from movieapp.database import Database
from movieapp.errors import Conflict
from movieapp.jobs.runs import UNEXPECTED, Cancelled, Done, Runs, Stopped
from movieapp.jobs.table import Job, perform
from movieapp.jobs.work import Work, Workplace
from movieapp.progress import Progress
from tests.jobs.held import NOW
from tests.rows import rows


def run(place: Workplace, work: Work, *, progress: Progress | None = None) -> Done:
    job = Job("replay", "About.", work)
    quiet: Progress = progress or (lambda _stage, _share: None)
    return perform(job, place, started_by="command", clock=lambda: NOW, progress=quiet)


def recorded(database: Database) -> dict[str, object]:
    (row,) = rows(database, "from job_runs").rows(named=True)
    return row


def ends(outcome: str) -> Work:
    return lambda _place, _now, _progress: Done(outcome, "That is what it did.")  # type: ignore[arg-type]


def fails(error: BaseException) -> Work:
    def work(_place: Workplace, _now: datetime, progress: Progress) -> Done:
        progress("half of it", 0.5)
        raise error

    return work


@pytest.mark.parametrize("outcome", ["done", "skipped"])
def test_what_a_job_did_is_kept_as_a_sentence(place: Workplace, outcome: str) -> None:
    assert run(place, ends(outcome)).summary == "That is what it did."
    row = recorded(place.database)
    assert (row["job"], row["started_by"], row["outcome"]) == ("replay", "command", outcome)
    assert (row["summary"], row["error"]) == ("That is what it did.", None)
    assert row["progress"] == 1
    assert row["started_at"] == row["finished_at"] == NOW.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("error", "outcome", "sentence"),
    [
        (Conflict("The disk is full. Free some."), "failed", "The disk is full. Free some."),
        (ZeroDivisionError(), "failed", UNEXPECTED),
        (Cancelled(), "cancelled", None),
    ],
)
def test_what_went_wrong_is_recorded_and_raised(
    place: Workplace, error: Exception, outcome: str, sentence: str | None
) -> None:
    with pytest.raises(type(error)):
        run(place, fails(error))
    row = recorded(place.database)
    assert (row["outcome"], row["error"], row["summary"]) == (outcome, sentence, None)
    assert row["finished_at"] is not None


@pytest.mark.parametrize("error", [Stopped(), KeyboardInterrupt()])
def test_a_run_that_ends_with_the_process_is_marked_at_the_next_start(
    place: Workplace, error: BaseException
) -> None:
    with pytest.raises(type(error)):
        run(place, fails(error))
    assert recorded(place.database)["outcome"] is None
    runs = Runs(place.database, clock=lambda: NOW)
    assert runs.mark_interrupted() == ["replay"]
    row = recorded(place.database)
    assert row["outcome"] == "interrupted"
    assert "ended while it ran" in str(row["error"])
    assert runs.mark_interrupted() == []


def test_how_far_it_is_can_be_read_while_it_runs(place: Workplace) -> None:
    seen: list[dict[str, object]] = []
    told: list[tuple[str, float]] = []

    def work(_place: Workplace, _now: datetime, progress: Progress) -> Done:
        progress("half of it", 0.5)
        seen.append(recorded(place.database))
        return Done("done", "Done.")

    run(place, work, progress=lambda stage, share: told.append((stage, share)))
    assert (seen[0]["outcome"], seen[0]["stage"]) == (None, "starting")
    assert told == [("half of it", 0.5)]


History = list[tuple[int, str]]


@pytest.mark.parametrize(
    ("history", "last"),
    [
        ([(1, "done"), (2, "failed")], 2),
        ([(1, "done"), (2, "cancelled")], 2),
        ([(1, "done"), (2, "interrupted")], 1),
        ([(1, "done"), (2, "interrupted"), (3, "interrupted")], 3),
        ([(1, "interrupted"), (2, "done"), (3, "interrupted")], 2),
        ([(1, "interrupted")], None),
    ],
)
def test_an_interrupted_run_is_due_again_but_only_once(
    database: Database, history: History, last: int | None
) -> None:
    at: Callable[[int], datetime] = lambda day: NOW + timedelta(days=day)  # noqa: E731
    for day, outcome in history:
        runs = Runs(database, clock=lambda day=day: at(day))  # type: ignore[misc]
        runs.end(runs.add("retrain", started_by="schedule"), outcome)
    expected = {} if last is None else {"retrain": at(last)}
    assert Runs(database, clock=lambda: NOW).last() == expected


def test_old_records_go_but_the_newest_of_each_job_stays(database: Database) -> None:
    for day in (0, 1, 2):
        runs = Runs(database, clock=lambda day=day: NOW + timedelta(days=day))  # type: ignore[misc]
        runs.end(runs.add("publish", started_by="schedule"), "done")
    runs.end(Runs(database, clock=lambda: NOW).add("retrain", started_by="schedule"), "done")
    until = NOW.replace(tzinfo=None) + timedelta(days=90)
    assert database.write("jobs/delete_runs", until=until) == 2
    kept = rows(database, "from job_runs").select("job", pl.col("started_at").dt.day()).rows()
    assert sorted(kept) == [("publish", NOW.day + 2), ("retrain", NOW.day)]
