"""The jobs of the serving process: one at a time in a thread of low priority, the others wait.

What analysts are promised every few minutes has a lane of its own, so that no training delays it.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from threadpoolctl import threadpool_limits

from movieapp.errors import Conflict, MovieAppError, NotFound, NotReady
from movieapp.jobs.lane import Asked, Lane, Running
from movieapp.jobs.priority import lower_priority, take_short_turns
from movieapp.jobs.runs import Cancelled, Clock, Runs, StartedBy, Stopped
from movieapp.jobs.schedule import Schedule, told
from movieapp.jobs.table import AFTER_EVERY_JOB, FETCHING, JOBS, Job, When, perform
from movieapp.jobs.work import Workplace
from movieapp.progress import Progress
from movieapp.serving.live import LiveVersion
from movieapp.serving.status import Phase, State, Status

log = logging.getLogger(__name__)

First = Callable[[Progress, bool], None]


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


class Jobs:
    """Runs jobs when it is time and when they are asked for, each once at a time, in the order of asking.

    Those that run beside the others wait only for each other.
    """

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
        self._lane = Lane()
        self._beside = Lane()
        self._is_stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def open(self, first: First) -> None:
        """Begin to work: `first` of all what brings the instance up, then jobs. Returns at once.

        `first` gets a progress to report to, and whether a process that ended had left a run behind.
        """
        take_short_turns()
        # Before anybody can ask for a run that would be taken for one of those.
        was_interrupted = bool(self._runs.mark_interrupted())
        self._threads = [
            threading.Thread(target=self._work, args=[first, was_interrupted], name="jobs", daemon=True),
            threading.Thread(target=self._work_beside, name="jobs beside", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def close(self, *, timeout_s: float = 5.0) -> None:
        """Give up at the next stage of what runs, and wait for that; before the database closes.

        What ran or waited is marked as interrupted at the next start, and is due again.
        """
        # First of all, so that nothing that waits begins when what runs has given up.
        for lane in (self._lane, self._beside):
            lane.close()
        self._is_stopping.set()
        self._schedule.stop()
        until = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0.0))
        if any(thread.is_alive() for thread in self._threads):
            # It goes on until the process ends, and fails on the closed database: that is no news.
            logging.getLogger(__package__).setLevel(logging.CRITICAL)

    def start(self, name: str, *, started_by: StartedBy = "page") -> str:
        """Let a job run as soon as its lane is free; return the run's id. Refuses one that runs or waits."""
        job = self._called(name)
        job.check(self._place)
        return self._lane_of(job).add(
            job, lambda: self._runs.add(name, started_by=started_by), started_by=started_by
        )

    def cancel(self, name: str) -> str:
        """Let a job end at its next stage, or not begin; return the run's id. Refuses if it does not run."""
        asked, is_waiting = self._lane_of(self._called(name)).cancel(name)
        if is_waiting:
            self._runs.end(asked.run_id, "cancelled")
        return asked.run_id

    def listing(self) -> list[Listed]:
        """Return all jobs as they are now. Reads the database."""
        newest = self._runs.newest()
        asked = {name: self._lane_of(job).find(name) for name, job in self._table.items()}
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

    def _lane_of(self, job: Job) -> Lane:
        return self._beside if job.runs_beside else self._lane

    def _publish(self) -> None:
        """Show analysts what was just done: a copy that is being made may lack it, and is made once more."""
        job = self._table.get(AFTER_EVERY_JOB)
        if job is not None and not self._lane_of(job).repeat(job.name):
            self._start_quietly(job.name)

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
            self._work_through(self._lane)

    def _work_beside(self) -> None:
        lower_priority()
        self._work_through(self._beside)

    def _work_through(self, lane: Lane) -> None:
        while (asked := lane.next()) is not None:
            self._perform(asked)
            lane.end()
            if asked.job.name != AFTER_EVERY_JOB:
                self._publish()
            if asked.is_wanted_again or (asked.goes_on and not asked.is_cancelled.is_set()):
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

    def _perform(self, asked: Asked) -> None:
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
        # A collection of all that stays now would hold up every request for a quarter of a second, again and
        # again.
        # What was kept out before may be garbage by now.
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def _live(self) -> LiveVersion | None:
        return self._place.recommender.live if self._place.recommender else None

    def _watching(self, asked: Asked) -> Progress:
        def watch(stage: str, share: float) -> None:
            if self._is_stopping.is_set():
                raise Stopped
            if asked.is_cancelled.is_set():
                raise Cancelled
            asked.running = Running(asked.run_id, stage, share)
            if asked.job.trains:
                self._status.working(stage, share)

        return watch
