"""Hang the pages into the server under /ui."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from nicegui import ui
from nicegui.storage import Storage

from movieapp.ui import (
    analysis,
    dashboard,
    home,
    imports,
    leaderboard,
    library,
    lost,
    movie,
    popular,
    posters,
    profile,
    recommendations,
    seeds,
    taste,
    theme,
    together,
    welcome,
)
from movieapp.ui.services import Services

if TYPE_CHECKING:
    from movieapp.database import Database
    from movieapp.jobs import Jobs
    from movieapp.lifecycle.time_machine import TimeMachine
    from movieapp.serving.imports import Imports
    from movieapp.serving.profiles import Profiles
    from movieapp.serving.recommender import Recommender
    from movieapp.serving.status import Status


def mount_ui(
    app: FastAPI,
    *,
    recommender: "Recommender",
    profiles: "Profiles",
    status: "Status",
    database: "Database",
    jobs: "Jobs",
    clock: Callable[[], datetime],
    imports: "Imports",
    time_machine: "TimeMachine",
    storage_secret: str,
) -> None:
    """Add the pages to `app`. Call it after every other route, and once per process.

    What browsers chose (theme, who is watching) is kept beside the database.
    """
    Storage.path = _storage_folder(database.path)
    services = Services(recommender, profiles, status, database, jobs, clock, imports, time_machine)
    add_pages(services)

    def nowhere(request: Request) -> None:
        lost.lost_page(services, request)

    ui.run_with(
        app,
        root=nowhere,
        mount_path="/ui",
        title="movieapp",
        favicon=theme.LOGO,
        language="en-US",
        dark=None,
        tailwind=False,
        binding_refresh_interval=None,
        gzip_middleware_factory=None,
        storage_secret=storage_secret,
        # Cookies are shared by all ports of a host: a name of our own keeps clear of other local apps.
        session_middleware_kwargs={"session_cookie": "movieapp", "max_age": 365 * 24 * 3600},
        show_welcome_message=False,
    )


def add_pages(services: Services) -> None:
    """Register every page; a second call replaces the pages of the first."""
    theme.register()
    posters.register(services)
    lost.register(services)
    for page in (
        home,
        recommendations,
        seeds,
        popular,
        together,
        welcome,
        movie,
        profile,
        library,
        taste,
        imports,
        dashboard,
        leaderboard,
        analysis,
    ):
        page.register(services)


def _storage_folder(database: Path | None) -> Path:
    if database is None:
        return Path(tempfile.mkdtemp(prefix="movieapp-browsers-"))
    return database.resolve().parent / "browsers"
