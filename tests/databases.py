"""Databases and registries for a test, as copies of what was made once: quicker than to make them anew."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from movieapp.database import Database
from movieapp.registry import Registry
from movieapp.sources.movielens import ingest
from tests.tiny_release import write_release

_FOLDER = tempfile.TemporaryDirectory(prefix="movieapp-tests-", ignore_cleanup_errors=True)


def nothing(_database: Database) -> None:
    """Leave a database as migrations leave it."""


def tiny_release(database: Database) -> None:
    """Ingest the tiny release."""
    with tempfile.TemporaryDirectory() as folder:
        release = write_release(Path(folder))
        ingest(database, origin=release, replace=False, now=datetime(2026, 1, 1, tzinfo=UTC))


def copy_of(filled: Callable[[Database], None] = nothing) -> Database:
    """Return a migrated database in memory with what the function puts in, which runs once a process."""
    database = Database()
    with database._cursor() as cursor:
        inner = cursor._cursor
        inner.execute("attach $file as made (read_only)", {"file": str(_made(filled))})
        inner.execute("copy from database made to memory")
        inner.execute("detach made")
    return database


@cache
def _made(filled: Callable[[Database], None]) -> Path:
    path = Path(_FOLDER.name) / f"{filled.__module__}.{filled.__name__}.duckdb"
    database = Database(path)
    database.migrate()
    filled(database)
    database.close()
    return path


def with_registry(data: Path) -> Path:
    """Put a registry without versions, whose tables MLflow takes a second to make, into a folder."""
    shutil.copy(_registry() / "mlflow.db", data)
    return data


@cache
def _registry() -> Path:
    folder = Path(_FOLDER.name) / "registry"
    folder.mkdir()
    Registry(folder)
    return folder
