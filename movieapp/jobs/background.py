"""The jobs of the serving process: one thread of low priority, one job at a time, the others wait."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from threadpoolctl import threadpool_limits

from movieapp.errors import Conflict, MovieAppError, NotFound, NotReady
from movieapp.jobs.priority import lower_priority, take_short_turns
from movieapp.jobs.runs import STARTING, Cancelled, Clock, Runs, StartedBy, Stopped
from movieapp.jobs.schedule import Schedule, told
from movieapp.jobs.table import AFTER_EVERY_JOB, FETCHING, JOBS, Job, When, perform
from movieapp.jobs.work import Workplace
from movieapp.progress import Progress
from movieapp.serving.live import LiveVersion
from movieapp.serving.status import Phase, State, Status

log = logging.getLogger(__name__)

First = Callable[[Progress, bool], None]


@dataclass(frozen=True, slots=True)
class Running:
    """A run under way: what it does, and the share of that which is done."""

    run_id: str
    stage: str
    share: float


@dataclass(frozen=True, slots=True)
class Listed:
    """A job: its schedule in words, its next run by itself, how far it is if it runs, and its newest runs.

    `is_waiting` says that it runs as soon as another job has ended; `runs` are rows of `job_runs`.
    """

    name: str
    about: str
    schedule: str
    next_run_at: datetime | None
    is_waiting: bool
    running: Running | None
    runs: list[dict[str, Any]]


@dataclass(eq=False)
class _Asked:
    """A run that somebody asked for; afterwards, whether the job `goes_on` in another one."""

    job: Job
    run_id: str
    started_by: StartedBy
    running: Running | None = None
    goes_on: bool = False
    is_cancelled: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """Runs jobs when it is time and when they are asked for, each once at a time, in the order of asking."""

    def __init__(
        self,
        place: Workplace,
        *,
        status: Status,
        times: Mapping[str, When],
        clock: Clock,
        table: Mapping[str, Job] = JOBS,
    ) -> None:
        self._place = place
        self._status = status
        self._times = times
        self._table = table
        self._clock = clock
        self._runs = Runs(place.database, clock=clock)
        self._schedule = Schedule(times, self._start_quietly)
        self._changed = threading.Condition()
        self._waiting: deque[_Asked] = deque()
        self._current: _Asked | None = None
        self._is_stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self, first: First) -> None:
        """Begin to work: `first` of all what brings the instance up, then jobs. Returns at once.

        `first` gets a progress to report to, and whether a process that ended had left a run behind.
        """
        take_short_turns()
        # Before anybody can ask for a run that would be taken for one of those.
        was_interrupted = bool(self._runs.mark_interrupted())
        self._thread = threading.Thread(
            target=self._work, args=[first, was_interrupted], name="jobs", daemon=True
        )
        self._thread.start()

    def close(self, *, timeout_s: float = 5.0) -> None:
        """Give up at the next stage of what runs, and wait for that; before the database closes.

        What ran or waited is marked as interrupted at the next start, and is due again.
        """
        self._is_stopping.set()
        self._schedule.stop()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout_s)
            if self._thread.is_alive():
                # It goes on until the process ends, and fails on the closed database: that is no news.
                logging.getLogger(__package__).setLevel(logging.CRITICAL)

    def start(self, name: str, *, started_by: StartedBy = "page") -> str:
        """Let a job run as soon as no other does; return the run's id. Refuses one that runs or waits."""
        job = self._called(name)
        job.check(self._place)
        with self._changed:
            if self._is_stopping.is_set():
                raise NotReady("The app is being stopped, so no job starts any more.")
            asked = self._asked(name)
            if asked is not None:
                raise Conflict(
                    f"{name} {'runs' if asked is self._current else 'waits for its turn'} already. "
                    f"Look at its progress with GET /jobs, or cancel it with DELETE /jobs/{name}."
                )
            run_id = self._runs.add(name, started_by=started_by)
            self._waiting.append(_Asked(job, run_id, started_by))
            self._changed.notify_all()
        return run_id

    def cancel(self, name: str) -> str:
        """Let a job end at its next stage, or not begin; return the run's id. Refuses if it does not run."""
        self._called(name)
        with self._changed:
            asked = self._asked(name)
            if asked is None:
                raise Conflict(f"{name} does not run at the moment, so there is nothing to cancel.")
            asked.is_cancelled.set()
            is_waiting = asked in self._waiting
            if is_waiting:
                self._waiting.remove(asked)
        if is_waiting:
            self._runs.end(asked.run_id, "cancelled")
        return asked.run_id

    def listing(self) -> list[Listed]:
        """Return all jobs as they are now. Reads the database."""
        newest = self._runs.newest()
        with self._changed:
            asked = {name: self._asked(name) for name in self._table}
        return [
            Listed(
                name=job.name,
                about=job.about,
                schedule=told(self._times.get(job.name)),
                next_run_at=self._schedule.next_run(job.name),
                is_waiting=(one := asked[job.name]) is not None and one.running is None,
                running=one.running if one else None,
                runs=[run for run in newest if run["job"] == job.name],
            )
            for job in self._table.values()
        ]

    def _called(self, name: str) -> Job:
        if name not in self._table:
            raise NotFound(f"There is no job {name!r}. The jobs are: {', '.join(self._table)}.")
        return self._table[name]

    def _asked(self, name: str) -> _Asked | None:
        """Return the run of a job that runs or waits."""
        all_ = [*([self._current] if self._current else []), *self._waiting]
        return next((asked for asked in all_ if asked.job.name == name), None)

    def _publish(self) -> None:
        if AFTER_EVERY_JOB in self._table:
            self._start_quietly(AFTER_EVERY_JOB)

    def _start_quietly(self, name: str) -> None:
        """Start a job that nobody waits for: if it runs already, that is as good."""
        try:
            self.start(name, started_by="schedule")
        except (Conflict, NotReady):
            log.debug("%s is not started: it runs already, or the app ends", name)
        except MovieAppError as problem:
            log.error("%s cannot be started: %s", name, problem)

    def _work(self, first: First, was_interrupted: bool) -> None:
        lower_priority()
        with threadpool_limits(limits=1):
            self._bring_up(first, was_interrupted)
            while (asked := self._next()) is not None:
                self._perform(asked)
                with self._changed:
                    self._current = None
                if asked.job.name != AFTER_EVERY_JOB:
                    self._publish()
                if asked.goes_on:
                    self._start_quietly(asked.job.name)

    def _bring_up(self, first: First, was_interrupted: bool) -> None:
        def watch(stage: str, share: float) -> None:
            if self._is_stopping.is_set():
                raise Stopped
            self._status.working(stage, share)

        first(watch, was_interrupted)
        if self._is_stopping.is_set():
            return
        self._work_ahead()
        try:
            ingested = self._place.database.read("catalog/dataset")["ingested_at"].to_list()
            now = self._clock()
            since = min([at.replace(tzinfo=now.tzinfo) for at in ingested], default=now)
            self._schedule.start(self._runs.last(), since=since, now=now)
            self._publish()
            if FETCHING in self._times and self._place.lacks_films(now):
                self._start_quietly(FETCHING)
            if "retrain" in self._times and self._place.serves_provisionally():
                self._start_quietly("retrain")
        except MovieAppError as problem:
            log.error("the schedule cannot be made, so jobs run when asked for only: %s", problem)
        except Exception:
            # This thread must outlive whatever goes wrong here: every job runs in it.
            log.exception("the schedule cannot be made, so jobs run when asked for only")

    def _next(self) -> _Asked | None:
        """Wait for the next run, and make it the current one; None when the app ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_stopping.is_set())
            if self._is_stopping.is_set():
                return None
            self._current = self._waiting.popleft()
            self._current.running = Running(self._current.run_id, STARTING, 0.0)
            return self._current

    def _perform(self, asked: _Asked) -> None:
        before = self._status.current
        live = self._live()
        try:
            done = perform(
                asked.job,
                self._place,
                started_by=asked.started_by,
                clock=self._clock,
                run_id=asked.run_id,
                progress=self._watching(asked),
            )
            asked.goes_on = done.goes_on
            log.info("%s %s: %s", asked.job.name, done.outcome, done.summary)
        except (Stopped, Cancelled):
            log.info("%s was ended before its time", asked.job.name)
        except MovieAppError as problem:
            log.error("%s failed: %s", asked.job.name, problem)
        except Exception:
            if not self._is_stopping.is_set():
                log.exception("%s failed", asked.job.name)
        if asked.job.trains:
            is_new = self._live() != live
            self._settle(before, is_new=is_new)
            if is_new:
                self._work_ahead()

    def _settle(self, before: State, *, is_new: bool) -> None:
        """Show the status again that was before a training; a new version that serves mends it."""
        if before.phase is Phase.DEGRADED and before.problem and not is_new:
            self._status.degraded(before.problem)
        else:
            self._status.ready()

    def _work_ahead(self) -> None:
        """Let a new version answer its first requests as fast as later ones."""
        if self._live() is None or self._place.recommender is None:
            return
        try:
            self._place.recommender.work_ahead(is_wanted=lambda: not self._is_stopping.is_set())
        except Exception:
            log.exception("lists could not be worked out ahead; each is when it is asked for")

    def _live(self) -> LiveVersion | None:
        return self._place.recommender.live if self._place.recommender else None

    def _watching(self, asked: _Asked) -> Progress:
        def watch(stage: str, share: float) -> None:
            if self._is_stopping.is_set():
                raise Stopped
            if asked.is_cancelled.is_set():
                raise Cancelled
            asked.running = Running(asked.run_id, stage, share)
            if asked.job.trains:
                self._status.working(stage, share)

        return watch
