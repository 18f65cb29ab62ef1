"""The log of answered requests: put in on the event loop, written by a thread, never in anybody's way."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]

from movieapp.database import BrokenInput, Database, naive

log = logging.getLogger(__name__)

LARGEST_BATCH = 2000
LONGEST_PAUSE_S = 10.0
WARNING_EVERY_S = 60.0
MOST_UNKNOWN = 10_000

# What only a faulty row can cause; everything else is the database's trouble, and passes.
FAULTS = (BrokenInput, pl.exceptions.PolarsError, pa.ArrowException, TypeError, ValueError, OverflowError)


@dataclass(frozen=True, slots=True, eq=False)
class LoggedRequest:
    """One answered request; `requested_at` is in UTC, `scores` stand beside `recommendations`."""

    request_id: str
    requested_at: datetime
    user_id: int | None
    endpoint: str
    model_version: str | None
    recommendations: Sequence[int] | np.ndarray
    scores: Sequence[float | None] | np.ndarray
    latency_ms: float
    is_fallback: bool
    status: int
    asked: Mapping[str, Any]


@dataclass(slots=True)
class _Asked:
    n: int
    first: datetime
    last: datetime

    def and_then(self, later: "_Asked") -> "_Asked":
        """Return both together, this one the earlier."""
        return _Asked(self.n + later.n, self.first, later.last)


class RequestLog:
    """A bounded queue and the thread that empties it into the database every `interval_s`.

    While the database cannot be written, rows wait; what finds no more room is dropped and counted.
    """

    def __init__(
        self,
        database: Database,
        *,
        capacity: int = 20_000,
        interval_s: float = 0.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._capacity = capacity
        self._interval_s = interval_s
        self._clock = clock
        self._lock = threading.Lock()  # held for an append or a swap, never while anything is written
        self._rows: list[LoggedRequest] = []
        self._unknown: dict[tuple[int | None, str | None], _Asked] = {}
        self._writing = 0
        self._dropped = 0
        self._written = 0
        self._warned_of = 0
        self._warned_at = -WARNING_EVERY_S
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def depth(self) -> int:
        """How many requests are not written yet."""
        return len(self._rows) + self._writing

    @property
    def dropped(self) -> int:
        """How many requests found no room, or could not be written by any means."""
        return self._dropped

    @property
    def written(self) -> int:
        """How many requests are in the database."""
        return self._written

    def put(self, request: LoggedRequest) -> None:
        """Take a request for writing, or drop and count it: never waits, never raises."""
        with self._lock:
            if len(self._rows) + self._writing < self._capacity:
                self._rows.append(request)
            else:
                self._dropped += 1

    def note_unknown_movie(self, movie_id: int | None, title: str | None, when: datetime) -> None:
        """Count that somebody asked for a movie that is not in the model."""
        key = (movie_id, None if title is None else title.encode("utf-8", "replace").decode())
        with self._lock:
            seen = self._unknown.get(key)
            if seen is not None:
                seen.n += 1
                seen.last = when
            elif len(self._unknown) < MOST_UNKNOWN:
                self._unknown[key] = _Asked(1, when, when)

    def start(self) -> None:
        """Begin to write, in a thread of its own."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="request-log", daemon=True)
            self._thread.start()

    def close(self, *, timeout_s: float = 10.0) -> None:
        """Write what is left and end the thread; before the database closes."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
            self._thread = None
        else:
            self.try_flush()
        if self.depth:
            log.warning("%d answered requests could not be logged before the end.", self.depth)

    def flush(self) -> None:
        """Write everything that is waiting now; raises what the database raises, and keeps the rows then."""
        while rows := self._take():
            try:
                self._write(rows)
            except BaseException:
                with self._lock:
                    self._rows[:0] = rows
                    self._writing = 0
                raise
            self._writing = 0
        self._flush_unknown()

    def try_flush(self) -> bool:
        """Write what is waiting and say whether that went well; mend the connection if not."""
        try:
            self.flush()
        except Exception as error:
            self._warn("The request log cannot be written (%s). %d rows wait.", error, self.depth)
            self._reconnect()
            return False
        finally:
            if self._dropped > self._warned_of:
                self._warn("%d answered requests were not logged so far.", self._dropped)
        return True

    def _run(self) -> None:
        pause = self._interval_s
        while not self._stop.wait(pause):
            pause = self._interval_s if self.try_flush() else min(pause * 2, LONGEST_PAUSE_S)
        self.try_flush()

    def _reconnect(self) -> None:
        try:
            self._database.reconnect()
        except Exception as error:
            # The thread has to live on: the next round tries again.
            log.debug("reconnecting failed: %s", error)

    def _warn(self, message: str, *values: object) -> None:
        if self._clock() - self._warned_at >= WARNING_EVERY_S:
            self._warned_at = self._clock()
            self._warned_of = self._dropped
            log.warning(message, *values)

    def _take(self) -> list[LoggedRequest]:
        with self._lock:
            rows, self._rows = self._rows[:LARGEST_BATCH], self._rows[LARGEST_BATCH:]
            self._writing = len(rows)
        return rows

    def _write(self, rows: list[LoggedRequest]) -> None:
        """Write the rows; when one of them is at fault, halve until it stands alone, and drop that one."""
        try:
            self._written += self._database.append("serving/log_requests", _frame(rows))
        except FAULTS:
            if len(rows) == 1:
                log.exception("A request could not be logged and is dropped.")
                self._dropped += 1
                return
            half = len(rows) // 2
            self._write(rows[:half])
            self._write(rows[half:])

    def _flush_unknown(self) -> None:
        with self._lock:
            unknown, self._unknown = self._unknown, {}
        if not unknown:
            return
        try:
            self._database.append("serving/note_unknown_movies", _unknown_frame(unknown))
        except FAULTS:
            log.exception("Unknown movies could not be noted and are dropped.")
        except BaseException:
            with self._lock:
                for key, earlier in unknown.items():
                    later = self._unknown.get(key)
                    self._unknown[key] = earlier if later is None else earlier.and_then(later)
            raise


def _frame(rows: list[LoggedRequest]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "request_id": [row.request_id for row in rows],
            "requested_at": [naive(row.requested_at) for row in rows],
            "user_id": pl.Series([row.user_id for row in rows], dtype=pl.Int32),
            "endpoint": [row.endpoint for row in rows],
            "model_version": pl.Series([row.model_version for row in rows], dtype=pl.String),
            "recommendations": _lists((row.recommendations for row in rows), np.int32),
            "scores": _lists((row.scores for row in rows), np.float32),
            "latency_ms": pl.Series([row.latency_ms for row in rows], dtype=pl.Float64),
            "is_fallback": [row.is_fallback for row in rows],
            "status": pl.Series([row.status for row in rows], dtype=pl.Int16),
            "asked": [json.dumps(row.asked, default=str) for row in rows],
        }
    )


def _lists(lists: Iterable[Sequence[Any] | np.ndarray], kind: type[np.generic]) -> pl.Series:
    """Return a column of lists; many times faster than handing Polars the lists, which holds up requests."""
    arrays = [np.asarray(values, dtype=kind) for values in lists]
    # Through Polars: pyarrow imports all of pandas to look at an array of numpy's.
    offsets = pl.Series(np.cumsum([0, *map(len, arrays)]).astype(np.int32))
    flat = pl.Series(np.concatenate(arrays))
    if flat.dtype.is_float():
        flat = flat.fill_nan(None)  # a score of None or NaN becomes null
    return pl.Series(pa.ListArray.from_arrays(offsets.to_arrow(), flat.to_arrow()))


def _unknown_frame(unknown: dict[tuple[int | None, str | None], _Asked]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "movie_id": pl.Series([movie_id for movie_id, _ in unknown], dtype=pl.Int32),
            "title": pl.Series([title for _, title in unknown], dtype=pl.String),
            "n_asked": pl.Series([asked.n for asked in unknown.values()], dtype=pl.Int32),
            "first_asked_at": [naive(asked.first) for asked in unknown.values()],
            "last_asked_at": [naive(asked.last) for asked in unknown.values()],
        }
    )
