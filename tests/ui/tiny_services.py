"""The tiny release served for real, for pages whose answers come from a model."""

from collections.abc import Iterator
from datetime import UTC, datetime

from movieapp.models.bundle import Bundle
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.status import Status
from movieapp.ui.services import Services
from tests.databases import copy_of, tiny_release

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def tiny_services(bundle: Bundle) -> Iterator[Services]:
    """Yield the services over two tastes, even films and odd ones."""
    database = copy_of(tiny_release)
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
