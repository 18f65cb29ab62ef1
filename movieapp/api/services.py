"""What the routes work with, handed over once by `build_api`."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from movieapp.database import Database
from movieapp.lifecycle.time_machine import TimeMachine
from movieapp.serving.first_answers import FirstAnswers
from movieapp.serving.imports import Imports
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.status import Status
from movieapp.serving.together import Evenings

if TYPE_CHECKING:
    from movieapp.jobs import Jobs

# More at a time would take memory, and the processor from whoever waits for something short.
HEAVY_AT_ONCE = 2

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Services:
    """The serving side of the app."""

    recommender: Recommender
    profiles: Profiles
    status: Status
    log: RequestLog
    database: Database
    clock: Callable[[], datetime]
    time_machine: TimeMachine
    imports: Imports
    first_answers: FirstAnswers
    evenings: Evenings
    jobs: "Jobs | None" = None
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HEAVY_AT_ONCE))

    async def in_turn(self, work: Callable[..., Result]) -> Result:
        """Do in a thread what takes tens of milliseconds or more, when it is its turn.

        The work is told when it was `started`, so that the wait counts in its latency.
        """
        started = time.perf_counter()
        async with self._turns:
            return await run_in_threadpool(work, started=started)


def services(request: Request) -> Services:
    """Return what `build_api` was given."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found
