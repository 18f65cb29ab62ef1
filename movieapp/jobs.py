"""Work in the background of the serving process: one thread of low priority, its progress visible."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from movieapp.database import Database
from movieapp.errors import MovieAppError
from movieapp.lifecycle.promotion import champion_of
from movieapp.lifecycle.training import train
from movieapp.models.bundle import Bundle
from movieapp.registry import Registry, Version, has_registry
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.status import Status
from movieapp.sources.movielens import ingest

log = logging.getLogger(__name__)

# A training thread holds the interpreter for at most this long at a time, so that requests get their turn.
SWITCH_INTERVAL_S = 0.0005
LOW_PRIORITY = 10


class Stopped(Exception):
    """The app is being stopped, and so is what it was preparing."""


class Preparation:
    """Brings an instance up: ingest if it is empty, train if nothing serves, then show and swap.

    Every step leaves the app serving what it can; a failure becomes a sentence in the status.
    """

    def __init__(
        self,
        *,
        database: Database,
        profiles: Profiles,
        recommender: Recommender,
        status: Status,
        data: Path,
        release: Path,
        seed: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._profiles = profiles
        self._recommender = recommender
        self._status = status
        self._data = data
        self._release = release
        self._seed = seed
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="preparation", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._thread.start()

    def stop(self, *, timeout_s: float = 5.0) -> None:
        """Give up at the next stage, and wait for that; before the database closes."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            _lower_priority()
            is_first = not has_registry(self._data)
            self._films()
            self._model(is_first=is_first)
        except Stopped:
            log.info("preparation stopped")
        except MovieAppError as problem:
            self._fail(str(problem))
        except Exception:
            if self._stopping.is_set():
                return
            log.exception("preparing the instance failed")
            self._status.degraded(
                "Preparing the model failed unexpectedly; popular films are served. "
                "The log has the details; a restart tries again."
            )

    def _fail(self, problem: str) -> None:
        if not self._stopping.is_set():
            log.error("%s", problem)
            self._status.degraded(problem)

    def _working(self, stage: str, share: float) -> None:
        """Say how far the work is; the place where it stops when the app does."""
        if self._stopping.is_set():
            raise Stopped
        self._status.working(stage, share)

    def _films(self) -> None:
        """Make popular films available: from the database, or from the bundled release first."""
        if self._database.read("catalog/dataset").is_empty():
            ingest(
                self._database,
                origin=self._release,
                replace=False,
                now=self._clock(),
                progress=self._working,
            )
        self._working("reading the ratings", 0.0)
        self._profiles.load()
        self._recommender.show(read_catalogue(self._database))

    def _model(self, *, is_first: bool) -> None:
        """Serve the production version, or train the first one."""
        self._working("looking for the model", 0.0)
        version = None if is_first else champion_of(self._database, self._data)
        if version is None:
            version = self._train()
        self._working("loading the model", 0.0)
        self._recommender.swap(Bundle.load(version.serving_folder()), version=version.number)
        self._status.ready()
        log.info("serving version=%s algorithm=%s", version.number, version.algorithm)

    def _train(self) -> Version:
        with ThreadPoolExecutor(1, initializer=_lower_priority) as opener:
            # MLflow takes seconds to import and to make its tables: meanwhile, the models are fitted.
            opened = opener.submit(Registry, self._data)
            trained = train(
                self._database,
                opened.result,
                seed=self._seed,
                now=self._clock(),
                progress=self._working,
            )
        return trained.production


def _lower_priority() -> None:
    """Let requests go first: on Linux a thread has a priority, which the OpenMP threads it starts inherit."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        # Raising a priority again is not allowed to everybody, so that a lower one stays as it is.
        lower = max(os.getpriority(os.PRIO_PROCESS, thread), LOW_PRIORITY)
        os.setpriority(os.PRIO_PROCESS, thread, lower)
