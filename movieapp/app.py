"""The only wiring: database, log, profiles, recommender, background work, API and pages on one server."""

import errno
import logging
import secrets
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType

import uvicorn
from fastapi import FastAPI

from movieapp.api.app import build_api
from movieapp.database import Database, open_database
from movieapp.errors import Conflict
from movieapp.instance import aims, clock_of, is_simulated, nightly, workplace
from movieapp.jobs import Jobs, Preparation
from movieapp.jobs.table import FETCHING, When
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.status import Status
from movieapp.settings import Settings
from movieapp.sources.releases import bundled
from movieapp.ui import mount_ui

log = logging.getLogger(__name__)

# How often is looked whether films are missing, or TMDB can be reached again.
FETCHING_EVERY = timedelta(hours=6)
# Clients keep idle connections for five seconds or so. A server that closes one just then resets a request
# that is on its way: it has to keep them longer.
KEEP_ALIVE_S = 75
# The way out when an address cannot be listened on.
INSTEAD = {
    errno.EADDRINUSE: "Is movieapp running already? Choose another port with --port.",
    errno.EADDRNOTAVAIL: "It is no address of this machine: choose one with --host, such as 127.0.0.1.",
    errno.EACCES: "Choose a port above 1023 with --port.",
}


@dataclass(frozen=True)
class App:
    """The parts of a running instance; `close` lets go of the database."""

    web: FastAPI
    database: Database
    log: RequestLog
    jobs: Jobs
    preparation: Preparation

    def start(self) -> None:
        """Begin with the work in the background."""
        self.jobs.open(self.preparation.run)

    def close(self) -> None:
        """Stop the background work, write what is queued, then close the database.

        Whoever presses Ctrl+C again meanwhile ends only the waiting for one of them.
        """
        with ExitStack() as closing:
            for part in (self.database, self.log, self.jobs):
                closing.callback(part.close)


def build(settings: Settings) -> App:
    """Wire an instance; nothing runs yet but the request log. Refuses if the data folder cannot be used."""
    database = open_database(settings.data)
    clock = clock_of(database)
    profiles = Profiles(database)
    status = Status(started_at=clock())
    request_log = RequestLog(database, capacity=settings.log_capacity)
    recommender = Recommender(database, profiles, request_log, clock=clock, aims=aims(settings))
    place = workplace(database, settings, recommender=recommender)
    # Where a past period was lived again the nights do not go on, so that no job is ever due.
    due = {} if is_simulated(database) else times(settings)
    jobs = Jobs(place, status=status, times=due, clock=clock)
    web = build_api(
        recommender=recommender,
        profiles=profiles,
        status=status,
        log=request_log,
        database=database,
        jobs=jobs,
        clock=clock,
        allowed_hosts=(_shown(settings.host), *settings.allowed_hosts),
        seed=settings.seed,
    )
    mount_ui(
        web,
        recommender=recommender,
        profiles=profiles,
        status=status,
        database=database,
        jobs=jobs,
        clock=clock,
        # What was sent to the API waits there, and what it fitted for past moments serves the pages, too.
        imports=web.state.services.imports,
        time_machine=web.state.services.time_machine,
        storage_secret=_storage_secret(settings.data),
    )
    preparation = Preparation(
        place, profiles=profiles, recommender=recommender, status=status, release=bundled(), clock=clock
    )
    request_log.start()
    return App(web, database, request_log, jobs, preparation)


def times(settings: Settings) -> dict[str, When]:
    """Return what runs when; films are fetched where there is a key."""
    found: dict[str, When] = {**nightly(settings), "publish": timedelta(minutes=settings.publish_minutes)}
    return found if settings.tmdb_key is None else found | {FETCHING: FETCHING_EVERY}


def serve(settings: Settings, *, on_ready: Callable[[str], None]) -> None:
    """Serve until interrupted. `on_ready` gets the address once requests are answered."""
    # The port is taken before the data is touched, so that a second start refuses at once.
    listener = _listen(settings.host, settings.port)
    try:
        app = build(settings)
    except BaseException:
        listener.close()
        raise
    config = uvicorn.Config(
        app.web,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=5,
        ws_max_size=2**20,
        # Both ends are one machine, where packing takes longer than sending.
        ws_per_message_deflate=False,
    )
    # uvicorn raises the signal again once it has shut down; by default that would end the process here.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app.start()
        _Server(config, lambda: on_ready(f"http://{_shown(settings.host)}:{settings.port}")).run([listener])
    finally:
        app.close()


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


class _Server(uvicorn.Server):
    """A server that tells when it has begun to answer, and ends in order however often it is asked to."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # A second signal would let go of everything at once. It comes from whoever presses Ctrl+C twice, and
        # under `uv run`, which may pass on what the process has got already.
        if not self.should_exit:
            super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
        # Two sockets may be bound to one port here; only one of them can listen.
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise Conflict(
            f"{_shown(host)}:{port} cannot be listened on ({error.strerror}). "
            f"{INSTEAD.get(error.errno or 0, 'Choose another --host.')}"
        ) from error
    return listener


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _storage_secret(data: Path) -> str:
    """Return the key that signs browsers' sessions, made on the first start and readable by its owner."""
    file = data / "session.key"
    if not file.is_file():
        aside = data / "session.key.new"
        aside.touch(mode=0o600)
        aside.write_text(secrets.token_hex(32), encoding="ascii")
        aside.replace(file)
    return file.read_text(encoding="ascii")
