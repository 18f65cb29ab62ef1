"""The API as one FastAPI application."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.responses import RedirectResponse

import movieapp
from movieapp.api import (
    docs,
    errors,
    feedback,
    health,
    home,
    imports,
    jobs,
    kept,
    lists,
    monitoring,
    movies,
    posters,
    presets,
    profiles,
    taste,
    together,
    users,
    welcome,
)
from movieapp.api.protection import Protection
from movieapp.api.services import Services
from movieapp.api.slashes import WithoutSlash
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

DESCRIPTION = """Film recommendations from ratings, made on this machine.

Lists come best first, each film with the reasons that put it there. Every answer has a `request_id`, in the
body and as `X-Request-ID`. Every error has one shape: `error` (the kind), `detail` (a sentence with the way
out) and `request_id`."""

PARTS = (
    lists,
    home,
    together,
    movies,
    posters,
    users,
    kept,
    presets,
    profiles,
    imports,
    taste,
    welcome,
    feedback,
    health,
    monitoring,
    jobs,
    docs,
)


def _now() -> datetime:
    return datetime.now(UTC)


def build_api(
    *,
    recommender: Recommender,
    profiles: Profiles,
    status: Status,
    log: RequestLog,
    database: Database,
    jobs: "Jobs | None" = None,
    allowed_hosts: tuple[str, ...] = (),
    clock: Callable[[], datetime] = _now,
    seed: int = 7,
) -> FastAPI:
    """Build the API. Without `jobs`, none can be started; `seed` is that of the time machine's models.

    `allowed_hosts` are names beside 127.0.0.1, localhost and [::1]; "*" is any.
    """
    app = FastAPI(
        title="movieapp",
        summary="A film recommender that a person can run on their own machine",
        description=DESCRIPTION,
        version=movieapp.__version__,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        # Not by include_router, which looks every route up twice and takes as long as a small answer.
        routes=[route for part in PARTS for route in part.router.routes],
    )
    app.state.services = Services(
        recommender,
        profiles,
        status,
        log,
        database,
        clock,
        TimeMachine(database, seed=seed),
        Imports(database, profiles),
        FirstAnswers(recommender, profiles),
        Evenings(recommender, profiles),
        jobs,
    )
    app.add_middleware(WithoutSlash)
    app.add_middleware(Protection, allowed_hosts=allowed_hosts, log=log, clock=clock)
    errors.install(app)

    @app.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        return RedirectResponse("/ui/")

    return app
