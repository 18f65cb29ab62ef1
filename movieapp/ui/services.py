"""What the pages are given to work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from movieapp.database import Database
    from movieapp.jobs import Jobs
    from movieapp.lifecycle.time_machine import TimeMachine
    from movieapp.serving.imports import Imports
    from movieapp.serving.profiles import Profiles
    from movieapp.serving.recommender import Recommender
    from movieapp.serving.status import Status


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Services:
    """The serving functions that every page builder receives.

    `jobs` where any can be started, `imports` where files can be taken in, `time_machine` where it is shared.
    """

    recommender: Recommender
    profiles: Profiles
    status: Status
    database: Database
    jobs: Jobs | None = None
    clock: Callable[[], datetime] = _now
    imports: Imports | None = None
    time_machine: TimeMachine | None = None
