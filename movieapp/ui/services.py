"""What the pages are given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from movieapp.database import Database
    from movieapp.jobs import Jobs
    from movieapp.serving.profiles import Profiles
    from movieapp.serving.recommender import Recommender
    from movieapp.serving.status import Status


@dataclass(frozen=True, slots=True)
class Services:
    """The serving functions that every page builder receives; `jobs` where any can be started."""

    recommender: Recommender
    profiles: Profiles
    status: Status
    database: Database
    jobs: Jobs | None = None
