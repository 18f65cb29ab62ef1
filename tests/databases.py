"""Databases of one test each, as copies of what was made once: far quicker than to migrate and to ingest."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from movieapp.database import Database
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
