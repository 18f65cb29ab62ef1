"""Pages driven in-process, on five films and two people."""

import asyncio
import gc
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nicegui import Client, background_tasks
from nicegui.storage import Storage
from nicegui.testing import User
from nicegui.testing.user_simulation import user_simulation
from ui_fakes import FakeCatalogue, FakeProfiles, FakeRecommender, a_live_version

from movieapp.database import Database
from movieapp.serving.lists import Film
from movieapp.serving.status import Status
from movieapp.ui.mount import add_pages
from movieapp.ui.notices import LOADING
from movieapp.ui.services import Services
from tests.databases import copy_of

# A busy machine may need so many looks, a tenth of a second apart.
PATIENCE = 30

FILMS = (
    Film(1, "Toy Story (1995)", "Toy Story", 1995, ("Animation", "Comedy")),
    Film(2, "Heat (1995)", "Heat", 1995, ("Crime", "Thriller")),
    Film(3, "Matrix, The (1999)", "The Matrix", 1999, ("Action", "Sci-Fi")),
    Film(4, "Casablanca (1942)", "Casablanca", 1942, ("Drama", "Romance")),
    Film(5, "Untimely <b>", "Untimely <b>", None, ()),
)


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    """An empty one; no page writes to it here."""
    database = copy_of()
    yield database
    database.close()


@pytest.fixture
def services(database: Database) -> Services:
    """Two people: 17 likes Toy Story and saw Heat, 23 likes The Matrix; version 3 is live."""
    catalogue = FakeCatalogue(FILMS)
    profiles = FakeProfiles(catalogue, {17: {1: 5.0, 2: 2.5}, 23: {3: 4.5}})
    status = Status(started_at=datetime(2026, 1, 1, tzinfo=UTC))
    status.ready()
    recommender = FakeRecommender(catalogue, profiles, a_live_version())
    return Services(recommender, profiles, status, database)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _no_garbage_of_others() -> None:
    """Keep what is there before a test out of the two garbage collections that NiceGUI makes around it."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _modules() -> Iterator[None]:
    """NiceGUI forgets the modules of pages after each test; tests that come later have them still."""
    before = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "movieapp"}
    yield
    sys.modules.update(before)


async def _open_whole(opening: Awaitable[Client]) -> Client:
    """Open a page and let its parts come that load after the first answer; some wait for something else."""
    client = await opening
    deadline = time.monotonic() + 1
    while parts := [task for task in background_tasks.running_tasks if _loads(task.get_name())]:
        await asyncio.wait(parts, timeout=0.1)
        if time.monotonic() > deadline:
            break
    return client


def _loads(task: str) -> bool:
    return task == LOADING or task.startswith("wait for result of page")


@pytest.fixture
async def user(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[User]:
    """Somebody with a browser; every browser begins with nothing stored."""
    monkeypatch.setattr(Storage, "path", tmp_path)
    for looking in (User.should_see, User.should_not_see):
        monkeypatch.setitem(looking.__kwdefaults__, "retries", PATIENCE)
    async with user_simulation() as somebody:
        add_pages(services)
        opened = somebody.open
        monkeypatch.setattr(somebody, "open", lambda *path, **how: _open_whole(opened(*path, **how)))
        yield somebody
        # A page may still be reading the database, which the next fixture closes.
        reading = [task for task in background_tasks.running_tasks if task.get_name() == LOADING]
        if reading:
            await asyncio.wait(reading)
        # What is about to send something may miss that it is to end, and holds up the end for two seconds.
        for client in Client.instances.values():
            client.outbox.stop()
