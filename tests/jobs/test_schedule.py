"""When jobs run by themselves: at their times, and once for all that was missed."""

import threading
from datetime import UTC, datetime, time, timedelta

import pytest

from movieapp.jobs.schedule import Schedule, first_run, told
from tests.jobs.held import PATIENCE_S

NIGHT = time(3)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant by this machine's clock."""
    return datetime(2026, 1, day, hour, minute).astimezone()


@pytest.mark.parametrize(
    ("last", "now", "first"),
    [
        # It ran last night, and is due in the next one.
        (local(5, 3), local(5, 12), local(6, 3)),
        # It was started by hand in the evening: the night's run takes place all the same.
        (local(5, 22), local(5, 23), local(6, 3)),
        # The app was off in one night, or in many: it runs at once.
        (local(5, 3), local(6, 9), local(6, 9)),
        (local(5, 3), local(20, 9), local(20, 9)),
    ],
)
def test_a_nightly_job_is_due_in_the_next_night_or_at_once(
    last: datetime, now: datetime, first: datetime
) -> None:
    assert first_run(NIGHT, last, now=now) == first


def test_a_job_that_runs_often_is_due_after_its_interval() -> None:
    often = timedelta(minutes=5)
    assert first_run(often, local(5, 3), now=local(5, 3, 1)) == local(5, 3, 5)
    assert first_run(often, local(5, 3), now=local(5, 9)) == local(5, 9)


def test_many_missed_runs_become_one() -> None:
    asked: list[str] = []
    is_asked = threading.Event()

    def ask(name: str) -> None:
        asked.append(name)
        is_asked.set()

    schedule = Schedule({"retrain": NIGHT, "report": time(5)}, ask)
    assert schedule.next_run("retrain") is None
    now = datetime.now(UTC)
    # The report is as good as new, the last training was ten nights ago.
    schedule.start({"retrain": now - timedelta(days=10), "report": now}, since=now, now=now)
    try:
        assert is_asked.wait(PATIENCE_S)
        next_run = schedule.next_run("retrain")
        assert next_run is not None
        assert now < next_run <= now + timedelta(days=1, hours=1)
        assert next_run.astimezone().hour == 3
    finally:
        schedule.stop()
    assert asked == ["retrain"]
    schedule.stop()


def test_a_job_that_never_ran_counts_from_when_the_data_came_in() -> None:
    is_asked = threading.Event()
    schedule = Schedule({"retrain": NIGHT}, lambda _name: is_asked.set())
    now = datetime.now(UTC)
    schedule.start({}, since=now - timedelta(days=2), now=now)
    try:
        assert is_asked.wait(PATIENCE_S)
    finally:
        schedule.stop()


def test_times_are_told_in_words() -> None:
    assert told(time(3, 30)) == "every day at 03:30"
    assert told(timedelta(minutes=5)) == "every 5 minutes"
    assert told(timedelta(minutes=1)) == "every minute"


def test_an_app_that_ends_while_it_comes_up_asks_for_nothing() -> None:
    asked: list[str] = []
    schedule = Schedule({"retrain": NIGHT}, asked.append)
    schedule.stop()
    now = datetime.now(UTC)
    schedule.start({"retrain": now - timedelta(days=10)}, since=now, now=now)
    assert schedule.next_run("retrain") is None
    assert not asked
    schedule.stop()


def test_a_schedule_can_be_stopped_at_any_moment_of_its_start() -> None:
    now = datetime.now(UTC)
    for _ in range(100):
        schedule = Schedule({"retrain": NIGHT}, lambda name: name)
        start = threading.Thread(target=schedule.start, args=[{}], kwargs={"since": now, "now": now})
        start.start()
        schedule.stop()
        start.join(PATIENCE_S)
        assert schedule.next_run("retrain") is None
