"""An instance, opened for the time of one command. A command that refuses leaves no new instance behind."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time
from pathlib import Path

from movieapp.database import FILE, Database, has_database, open_database
from movieapp.errors import NotReady
from movieapp.jobs.work import POSTERS, Terms, Workplace
from movieapp.lifecycle.promotion import champion_of
from movieapp.models.bundle import Bundle
from movieapp.models.rerank import ListAims
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.settings import Settings
from movieapp.sources.tmdb.access import Access
from movieapp.sources.tmdb.pictures import PosterCache


@contextmanager
def opened(data: Path, *, make: bool = False) -> Iterator[Database]:
    """Open the database of a data folder; one that is not there is made, or refused, as `make` says.

    What was made goes again if the command fails: a mistyped folder, or a release that cannot be used. Files
    of others stay, and so do downloads.
    """
    # Unlike that of a path, this `exists` takes a name that no disk has room for as that of nothing.
    new_folders = [folder for folder in (data, *data.parents) if not os.path.exists(folder)]
    is_new = not has_database(data)
    database = open_database(data, make=make)
    try:
        yield database
    except BaseException:
        database.close()
        if is_new:
            _take_away(data, new_folders)
        raise
    database.close()


def workplace(database: Database, settings: Settings, *, recommender: Recommender | None = None) -> Workplace:
    """Return what jobs work on, as the settings have it."""
    terms = Terms(
        train_fully=settings.train_fully,
        seed=settings.seed,
        require_significance=settings.require_significance,
        replay_days=settings.replay_days,
        keep_days=settings.keep_days,
        keep_versions=settings.keep_versions,
    )
    access = None if settings.tmdb_key is None else Access(settings.tmdb_key)
    return Workplace(database, settings.data, terms, recommender, access)


def aims(settings: Settings) -> ListAims:
    """Return what lists are to be besides accurate."""
    return ListAims(diversity=settings.diversity, popularity=settings.popularity, discover=settings.discover)


def nightly(settings: Settings) -> Mapping[str, time]:
    """Return when in the night each job runs."""
    return {
        "retrain": settings.retrain_at,
        "replay": settings.replay_at,
        "report": settings.report_at,
        "housekeeping": settings.housekeeping_at,
    }


def clock_of(database: Database) -> Callable[[], datetime]:
    """Return what tells the time in an instance: the calendar, or its own where a past period was relived.

    Its own goes on from the newest that was noted, while a process runs: what is asked now follows what was
    asked then, and nothing of it is too old to keep.
    """
    latest: list[datetime] = database.read("simulation/latest")["latest_at"].to_list()
    if not latest:
        return _now
    behind = _now() - latest[0].replace(tzinfo=UTC)
    return lambda: _now() - behind


def is_simulated(database: Database) -> bool:
    """Return whether a past period was lived again in an instance."""
    return not database.read("simulation/latest").is_empty()


@contextmanager
def served(settings: Settings) -> Iterator[Recommender]:
    """Build the recommender of an instance that has been prepared."""
    data = settings.data
    with opened(data) as database:
        if database.read("catalog/dataset").is_empty():
            raise NotReady(
                f"There are no films in {data} yet. "
                "Start the app once (launcher.py), or run: launcher.py ingest, then launcher.py train."
            )
        profiles = Profiles(database)
        profiles.load()
        log = RequestLog(database)
        recommender = Recommender(database, profiles, log, clock=clock_of(database), aims=aims(settings))
        recommender.show(read_catalogue(database, PosterCache(data / POSTERS)))
        version = champion_of(database, data)
        if version is not None:
            recommender.swap(Bundle.load(version.serving_folder()), version=version.number)
        try:
            yield recommender
        finally:
            log.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _take_away(data: Path, new_folders: list[Path]) -> None:
    for name in (FILE, f"{FILE}.wal"):
        (data / name).unlink(missing_ok=True)
    for folder in (data / "downloads", *new_folders):
        with suppress(OSError):
            folder.rmdir()  # only an empty one goes
