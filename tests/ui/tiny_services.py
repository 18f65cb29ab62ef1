"""The tiny release served for real, for pages whose answers come from a model."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from movieapp.database import Database
from movieapp.models.bundle import Bundle
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.status import Status
from movieapp.sources.movielens import ingest
from movieapp.ui.services import Services
from tests.tiny_release import write_release

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def tiny_services(folder: Path, bundle: Bundle) -> Iterator[Services]:
    """Yield the services over two tastes, even films and odd ones; the release is written into `folder`."""
    database = Database()
    database.migrate()
    ingest(database, origin=write_release(folder), replace=False, now=NOW)
    profiles = Profiles(database)
    profiles.load()
    log = RequestLog(database)
    recommender = Recommender(database, profiles, log, clock=lambda: NOW)
    recommender.show(read_catalogue(database))
    recommender.swap(bundle, version="1")
    status = Status(started_at=NOW)
    status.ready()
    yield Services(recommender, profiles, status, database)
    log.close()
    database.close()
