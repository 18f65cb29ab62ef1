"""The request log: in nobody's way, and nothing lost that could be kept."""

import logging
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from movieapp.database import BrokenInput, Database, Unwritable
from movieapp.serving.request_log import LoggedRequest, RequestLog
from tests.rows import rows

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def request(**changes: object) -> LoggedRequest:
    values: dict[str, object] = {
        "request_id": str(uuid.uuid4()),
        "requested_at": NOW,
        "user_id": 7,
        "endpoint": "recommend",
        "model_version": "3",
        "recommendations": (1, 2),
        "scores": (0.5, None),
        "latency_ms": 1.25,
        "is_fallback": False,
        "status": 200,
        "asked": {"k": 2},
    }
    return LoggedRequest(**values | changes)  # type: ignore[arg-type]


@dataclass
class Disk:
    """A database that takes rows unless it is full, and refuses those of endpoint "broken"."""

    is_full: bool = False
    rows: list[str] = field(default_factory=list)
    unknown: list[tuple[int | None, str | None, int]] = field(default_factory=list)
    reconnected: int = 0
    written: threading.Event = field(default_factory=threading.Event)

    def append(self, name: str, frame: pl.DataFrame) -> int:
        if self.is_full:
            raise Unwritable("no space left")
        if name == "serving/note_unknown_movies":
            self.unknown += frame.select("movie_id", "title", "n_asked").rows()
            return len(frame)
        if "broken" in frame["endpoint"]:
            raise BrokenInput("not a uuid")
        self.rows += frame["request_id"].to_list()
        self.written.set()
        return len(frame)

    def reconnect(self) -> None:
        self.reconnected += 1


def log_on(disk: Disk, **options: object) -> RequestLog:
    return RequestLog(disk, **options)  # type: ignore[arg-type]


def test_a_request_is_stored_as_it_was_answered(small: Database) -> None:
    log = RequestLog(small)
    log.put(request(user_id=None, recommendations=np.array([3, 1]), scores=np.array([2.5, float("nan")])))
    log.put(request(recommendations=(), scores=(), model_version=None, requested_at=NOW - timedelta(hours=1)))
    log.put(request(asked={"genres": ["\ud800"], "when": NOW}))
    log.flush()
    total = small.read("monitoring/traffic", since=datetime(2026, 1, 1), until=datetime(2026, 1, 3))
    assert (total["n_requests"].item(), total["n_users"].item()) == (3, 1)
    assert (log.depth, log.written, log.dropped) == (0, 3, 0)


def test_an_id_that_is_there_already_is_harmless(small: Database) -> None:
    log = RequestLog(small)
    one = request()
    for _ in range(2):
        log.put(one)
        log.flush()
    assert log.written == 1


def test_the_thread_writes_without_being_asked() -> None:
    disk = Disk()
    log = log_on(disk, interval_s=0.01)
    log.start()
    log.put(request())
    assert disk.written.wait(5)
    log.close()
    assert log.depth == 0


def test_closing_writes_what_is_left(file: Path) -> None:
    database = Database(file)
    log = RequestLog(database, interval_s=60)
    log.start()
    for _ in range(5000):
        log.put(request())
    log.close()
    database.close()
    assert (log.written, log.depth) == (5000, 0)
    period = {"since": datetime(2026, 1, 1), "until": datetime(2026, 1, 3)}
    second = Database(file)
    assert second.read("monitoring/traffic", **period)["n_requests"].item() == 5000
    second.close()


def test_what_finds_no_room_is_counted_and_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    disk, now = Disk(), [0.0]
    log = log_on(disk, capacity=3, clock=lambda: now[0])
    with caplog.at_level(logging.WARNING):
        for second in (0, 10, 20, 61):
            now[0] = second
            for _ in range(5):
                log.put(request())
            log.try_flush()
    assert (log.written, log.dropped) == (12, 8)
    assert [record.getMessage().split()[0] for record in caplog.records] == ["2", "8"]


def test_rows_wait_while_the_disk_is_full_and_none_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    disk = Disk(is_full=True)
    log = log_on(disk)
    waiting = [request() for _ in range(4500)]
    for row in waiting:
        log.put(row)
    log.note_unknown_movie(5, None, NOW)
    for _ in range(3):
        assert not log.try_flush()
    assert (log.depth, disk.rows, disk.reconnected) == (4500, [], 3)
    disk.is_full = False
    log.close()
    assert disk.rows == [row.request_id for row in waiting]
    assert disk.unknown == [(5, None, 1)]
    assert (log.depth, log.dropped) == (0, 0)
    assert len(caplog.records) == 1


def test_the_queue_stays_bounded_while_rows_wait() -> None:
    disk = Disk(is_full=True)
    log = log_on(disk, capacity=10)
    for _ in range(3):
        for _ in range(6):
            log.put(request())
        log.try_flush()
    assert (log.depth, log.dropped) == (10, 8)


def test_one_faulty_row_does_not_take_the_others_along(caplog: pytest.LogCaptureFixture) -> None:
    disk = Disk()
    log = log_on(disk)
    for place in range(20):
        log.put(request(endpoint="broken" if place == 13 else "rank"))
    log.put(request(recommendations=("nonsense",)))
    log.flush()
    assert (len(disk.rows), log.dropped, log.depth) == (19, 2, 0)


def test_an_odd_request_id_is_dropped_by_the_real_database(small: Database) -> None:
    log = RequestLog(small)
    log.put(request())
    log.put(request(request_id="nonsense"))
    log.put(request(user_id=2**40))
    log.flush()
    assert (log.written, log.dropped) == (1, 2)


def test_putting_takes_microseconds() -> None:
    log = log_on(Disk(), capacity=10**6)
    one = request()
    started = time.perf_counter()
    for _ in range(20_000):
        log.put(one)
    assert (time.perf_counter() - started) / 20_000 < 50e-6


def test_unknown_movies_are_counted_over_batches(small: Database) -> None:
    log = RequestLog(small)
    for hour in range(3):
        log.note_unknown_movie(99, None, NOW + timedelta(hours=hour))
        log.note_unknown_movie(None, "No Such Film \ud800\x00", NOW)
        log.flush()
    log.note_unknown_movie(2147483647, None, NOW)
    log.note_unknown_movie(10**12, None, NOW)
    log.flush()
    found = rows(small, "from unknown_movies order by movie_id").rows()
    first, last = NOW.replace(tzinfo=None), (NOW + timedelta(hours=2)).replace(tzinfo=None)
    assert found == [(99, None, 3, first, last), (None, "No Such Film ?\x00", 3, first, first)]
