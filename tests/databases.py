"""Databases and registries for a test, as copies of what was made once: quicker than to make them anew."""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import duckdb
import pytest

from movieapp.database import Database, live
from movieapp.registry import Registry
from movieapp.sources.movielens import ingest
from tests.thorough import IS_THOROUGH
from tests.tiny_release import write_release

# A file in memory is written as quickly as a database in memory, and copied four times as quickly.
_MEMORY, _ENOUGH_BYTES = Path("/dev/shm"), 2**30
_HAS_MEMORY = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH_BYTES
_FOLDER = tempfile.TemporaryDirectory(
    prefix="movieapp-tests-", dir=_MEMORY if _HAS_MEMORY else None, ignore_cleanup_errors=True
)


def nothing(_database: Database) -> None:
    """Leave a database as migrations leave it."""


def tiny_release(database: Database) -> None:
    """Ingest the tiny release."""
    with tempfile.TemporaryDirectory() as folder:
        release = write_release(Path(folder))
        ingest(database, origin=release, replace=False, now=datetime(2026, 1, 1, tzinfo=UTC))


def copy_of(filled: Callable[[Database], None] = nothing) -> Database:
    """Return a migrated database with what the function puts in, which runs once a process.

    Its `path` is None, as that of one in memory.
    """
    origin = _made(filled)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "connect", lambda _path: _Beside(origin))
        return Database()


class _Beside:
    """A connection to a database of its own, beside others in one DuckDB: to start another takes 40 ms."""

    _numbers = count()

    def __init__(self, origin: Path) -> None:
        self._name = f"beside_{next(self._numbers)}"
        self._file = Path(shutil.copyfile(origin, origin.with_name(f"{self._name}.duckdb")))
        with _shared().cursor() as cursor:
            cursor.execute(f"attach $file as {self._name}", {"file": str(self._file)})

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection of its own, as DuckDB's does."""
        cursor = _shared().cursor()
        try:
            cursor.execute(f"use {self._name}")
        except duckdb.Error as error:
            cursor.close()
            raise duckdb.ConnectionException("Connection already closed!") from error
        return cursor

    def close(self) -> None:
        """Forget what is in it."""
        with _shared().cursor() as cursor, suppress(duckdb.Error):
            cursor.execute(f"detach {self._name}")
        self._file.unlink(missing_ok=True)


@cache
def _shared() -> duckdb.DuckDBPyConnection:
    # Rows are few, and to share them out takes longer than to read them. A thorough run has threads, as the
    # app has: what needs an order has to ask for it.
    return duckdb.connect(":memory:", config={} if IS_THOROUGH else {"threads": 1})


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
