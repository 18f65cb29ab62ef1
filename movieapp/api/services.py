"""What the routes work with, handed over once by `build_api`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

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


def services(request: Request) -> Services:
    """Return what `build_api` was given."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found
