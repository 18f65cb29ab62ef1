"""Runs that wait for each other: each job once at a time, in the order of asking."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from movieapp.errors import Conflict, NotReady
from movieapp.jobs.runs import STARTING, StartedBy
from movieapp.jobs.table import Job


@dataclass(frozen=True, slots=True)
class Running:
    """A run under way: what it does, and the share of that which is done."""

    run_id: str
    stage: str
    share: float


@dataclass(eq=False)
class Asked:
    """A run that somebody asked for; afterwards, whether the job `goes_on` in another one.

    `is_wanted_again` says that something came up meanwhile which the run may lack.
    """

    job: Job
    run_id: str
    started_by: StartedBy
    running: Running | None = None
    goes_on: bool = False
    is_wanted_again: bool = False
    is_cancelled: threading.Event = field(default_factory=threading.Event)


class Lane:
    """The runs that one thread does, and those that wait for it. Any thread may ask."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[Asked] = deque()
        self._current: Asked | None = None
        self._is_closed = False

    def add(self, job: Job, note: Callable[[], str], *, started_by: StartedBy) -> str:
        """Let a job wait for its turn; return the run's id, which is what `note` returns.

        Refuses a job that runs or waits, and any job once the lane is closed; nothing is noted then.
        """
        with self._changed:
            if self._is_closed:
                raise NotReady("The app is being stopped, so no job starts any more.")
            asked = self._called(job.name)
            if asked is not None:
                raise Conflict(
                    f"{job.name} {'runs' if asked is self._current else 'waits for its turn'} already. "
                    f"Look at its progress with GET /jobs, or cancel it with DELETE /jobs/{job.name}."
                )
            asked = Asked(job, note(), started_by)
            self._waiting.append(asked)
            self._changed.notify_all()
            return asked.run_id

    def cancel(self, name: str) -> tuple[Asked, bool]:
        """Tell a run to end at its next stage, or let one that waits not begin; return it, and if it waited.

        Refuses a job that does neither.
        """
        with self._changed:
            asked = self._called(name)
            if asked is None:
                raise Conflict(f"{name} does not run at the moment, so there is nothing to cancel.")
            asked.is_cancelled.set()
            is_waiting = asked in self._waiting
            if is_waiting:
                self._waiting.remove(asked)
            return asked, is_waiting

    def repeat(self, name: str) -> bool:
        """Let a job that runs run once more afterwards; return whether it runs."""
        with self._changed:
            if self._current is None or self._current.job.name != name:
                return False
            self._current.is_wanted_again = True
            return True

    def find(self, name: str) -> Asked | None:
        """Return the run of a job that runs or waits."""
        with self._changed:
            return self._called(name)

    def next(self) -> Asked | None:
        """Wait for the next run, and make it the current one; None once the lane is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            if self._is_closed:
                return None
            self._current = self._waiting.popleft()
            self._current.running = Running(self._current.run_id, STARTING, 0.0)
            return self._current

    def end(self) -> None:
        """Say that the current run is over."""
        with self._changed:
            self._current = None

    def close(self) -> None:
        """Take no runs any more, and let none that waits begin."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _called(self, name: str) -> Asked | None:
        all_ = [*([self._current] if self._current else []), *self._waiting]
        return next((asked for asked in all_ if asked.job.name == name), None)
