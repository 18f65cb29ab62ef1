"""The record of the jobs' runs: how far each is, how it ended, and which were cut off."""

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import polars as pl

from movieapp.database import Database, aware, naive
from movieapp.errors import MovieAppError
from movieapp.progress import Progress

log = logging.getLogger(__name__)

WAITING = "waiting for its turn"
STARTING = "starting"
INTERRUPTED = "The app ended while it ran. What it had half done was cleaned up at the next start."
UNEXPECTED = "It failed unexpectedly; the log of the app has the details. It is tried again the next time."
# How far a run is goes to the database this often: everybody else reads it from memory.
NOTED_EVERY_S = 1.0

StartedBy = Literal["schedule", "command", "api", "page", "start"]
Clock = Callable[[], datetime]


class Stopped(Exception):
    """The app is being stopped, and so is what it was doing."""


class Cancelled(Exception):
    """Somebody wants the job to end."""


@dataclass(frozen=True)
class Done:
    """What a job did, as a sentence; "skipped" if there was nothing to do.

    `goes_on` says that there is more of it, for when the jobs that wait have had their turn.
    """

    outcome: Literal["done", "skipped"]
    summary: str
    goes_on: bool = False


@dataclass
class Recording:
    """A run under way; `done` is what it is to be recorded with."""

    progress: Progress
    done: Done | None = None


class Runs:
    """The table of runs. A run begins, says how far it is, and ends in exactly one way."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, job: str, *, started_by: StartedBy) -> str:
        """Note a run that has to wait, or begins now; return its id."""
        run_id = str(uuid.uuid4())
        run = {"run_id": run_id, "job": job, "started_by": started_by, "started_at": self._now()}
        self._database.append("jobs/begin", pl.DataFrame([run | {"stage": WAITING}]))
        return run_id

    @contextmanager
    def recorded(self, run_id: str, progress: Progress) -> Iterator[Recording]:
        """Record what happens inside; what it raises goes through, and is recorded as cancelled or failed.

        A run that ends with the process is left as it is: the next start finds it, and cleans up.
        """
        noted = _Noted(self._database, run_id, self._now())
        recording = Recording(noted.watched_by(progress))
        try:
            noted(STARTING, 0.0)
            yield recording
        except (Stopped, KeyboardInterrupt):
            raise
        except Cancelled:
            self.end(run_id, "cancelled")
            raise
        except MovieAppError as problem:
            self.end(run_id, "failed", error=str(problem))
            raise
        except BaseException:
            self.end(run_id, "failed", error=UNEXPECTED)
            raise
        assert recording.done is not None
        self.end(run_id, recording.done.outcome, summary=recording.done.summary)

    def end(self, run_id: str, outcome: str, *, summary: str | None = None, error: str | None = None) -> None:
        """Say how a run ended; what hinders that is logged, since the run is over all the same."""
        ended: dict[str, Any] = {"outcome": outcome, "summary": summary, "error": error}
        try:
            self._database.write("jobs/finish", run_id=run_id, now=self._now(), **ended)
        except MovieAppError as problem:
            log.error("a job's end (%s) could not be recorded: %s", outcome, problem)

    def mark_interrupted(self) -> list[str]:
        """Mark the runs that an ended process left behind; return their jobs. Only while nothing runs."""
        jobs = self._database.read("jobs/unfinished")["job"].to_list()
        if jobs:
            self._database.write("jobs/interrupt", error=INTERRUPTED)
            log.warning("interrupted: %s", ", ".join(jobs))
        return jobs

    def newest(self) -> list[dict[str, Any]]:
        """Return the newest five runs of each job, newest first: rows of `job_runs`, instants in UTC."""
        rows = self._database.read("monitoring/job_runs", until=self._now()).to_dicts()
        return [
            row | {name: aware(row[name]) for name in ("started_at", "finished_at") if row[name]}
            for row in rows
        ]

    def last(self) -> dict[str, datetime]:
        """Return when each job last ran; one that was interrupted is taken as not run, but only once."""
        return {job: aware(began) for job, began in self._database.read("jobs/last_runs").rows()}

    def _now(self) -> datetime:
        return naive(self._clock())


class _Noted:
    """Progress that goes to the database, too: now and then, and at most as a warning if it cannot."""

    def __init__(self, database: Database, run_id: str, since: datetime) -> None:
        self._database = database
        self._run: dict[str, Any] = {"run_id": run_id, "since": since}
        self._noted_at = -NOTED_EVERY_S

    def __call__(self, stage: str, share: float) -> None:
        if time.monotonic() - self._noted_at < NOTED_EVERY_S:
            return
        self._noted_at = time.monotonic()
        try:
            self._database.write("jobs/advance", **self._run, stage=stage, share=min(max(share, 0.0), 1.0))
        except MovieAppError as problem:
            log.warning("a job's progress could not be recorded: %s", problem)

    def watched_by(self, progress: Progress) -> Progress:
        """Return a function that tells both."""

        def both(stage: str, share: float) -> None:
            progress(stage, share)
            self(stage, share)

        return both
