"""When jobs run by themselves; what was missed while the app was off runs once, at the next start."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from movieapp.jobs.table import When


class Schedule:
    """Asks for each job when it is time. Times of the day are those of this machine's clock."""

    def __init__(self, times: Mapping[str, When], ask: Callable[[str], object]) -> None:
        self._times = times
        self._ask = ask
        # However long this machine slept, what it missed runs once.
        every = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler = BackgroundScheduler(job_defaults=every)
        # APScheduler calls itself running before its thread is, and cannot be stopped in between.
        self._turn = threading.Lock()
        self._is_stopped = False

    def start(self, last: Mapping[str, datetime], *, since: datetime, now: datetime) -> None:
        """Begin, from when each job last ran; one that never did counts from `since` on.

        Does nothing once it was stopped: the app can end while it still comes up.
        """
        for name, when in self._times.items():
            self._scheduler.add_job(
                self._ask,
                _trigger(when),
                args=[name],
                id=name,
                next_run_time=first_run(when, last.get(name, since), now=now),
            )
        with self._turn:
            if not self._is_stopped:
                self._scheduler.start()

    def stop(self) -> None:
        """Ask for nothing any more, not even if it is yet to be started."""
        with self._turn:
            self._is_stopped = True
            if self._scheduler.running:
                self._scheduler.shutdown(wait=False)

    def next_run(self, name: str) -> datetime | None:
        """Return when a job runs next, in UTC; None before the start and after the end."""
        job = self._scheduler.get_job(name) if self._scheduler.running else None
        at: datetime | None = job.next_run_time if job else None
        return at and at.astimezone(UTC)


def first_run(when: When, last: datetime, *, now: datetime) -> datetime:
    """Return when a job is first due that last ran at `last`: at once if that was missed, else when it is."""
    if isinstance(when, timedelta):
        return max(last + when, now)
    due: datetime = _trigger(when).get_next_fire_time(None, last + timedelta(microseconds=1))
    return max(due, now)


def told(when: When | None) -> str:
    """Return a time as words; None is for a job that nothing but a person starts."""
    if when is None:
        return "only when it is asked for"
    if isinstance(when, time):
        return f"every day at {when:%H:%M}"
    minutes = round(when.total_seconds() / 60)
    return "every minute" if minutes == 1 else f"every {minutes} minutes"


def _trigger(when: When) -> CronTrigger | IntervalTrigger:
    if isinstance(when, timedelta):
        return IntervalTrigger(seconds=int(when.total_seconds()))
    return CronTrigger(hour=when.hour, minute=when.minute, second=0)
