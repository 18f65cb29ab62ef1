"""Jobs that do what a test says, on an empty database."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from movieapp.database import Database
from movieapp.jobs.background import Jobs
from movieapp.jobs.table import Job
from movieapp.jobs.work import Terms, Work, Workplace
from movieapp.serving.status import Status
from tests.jobs.held import NOW, TODAY, Open


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Workplace:
    return Workplace(database, tmp_path, Terms(seed=3))


@pytest.fixture
def status() -> Status:
    status = Status(started_at=NOW)
    status.ready()
    return status


@pytest.fixture
def opened(place: Workplace, status: Status) -> Iterator[Open]:
    """Return what opens jobs with the work given by name; they are closed at the end of the test."""
    all_: list[Jobs] = []

    def open_(*, trains: bool = False, beside: Collection[str] = (), **work: Work) -> Jobs:
        table = {
            name: Job(name, f"Does {name}.", one, trains=trains, runs_beside=name in beside)
            for name, one in work.items()
        }
        times = dict.fromkeys(table, timedelta(days=1))
        jobs = Jobs(place, status=status, times=times, clock=lambda: TODAY, table=table)
        all_.append(jobs)
        jobs.open(lambda _progress, _was_interrupted: status.ready())
        return jobs

    yield open_
    for jobs in all_:
        jobs.close()
