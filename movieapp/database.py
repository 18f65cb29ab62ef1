"""DuckDB, and the SQL files: each statement is a file below sql/, and its path is its name."""

import logging
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from movieapp.errors import Conflict, Invalid, MovieAppError

log = logging.getLogger(__name__)

SQL = Path(__file__).resolve().parent.parent / "sql"


class BrokenInput(Invalid):
    """DuckDB could not make sense of a value or a file that it was given."""


class Unwritable(MovieAppError):
    """The database cannot take a write now: the disk is full, read-only or gone."""


UNUSABLE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.ConnectionException,
    duckdb.OutOfMemoryException,
    duckdb.ResourceInUseException,
)


@cache
def statement(name: str) -> str:
    """Return the text of `sql/<name>.sql`."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


class Cursor:
    """One open cursor and the few ways to use it. Names are paths of SQL files; values go in as `$name`."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def read(self, name: str, *, incoming: pl.DataFrame | None = None, **params: Any) -> pl.DataFrame:
        """Return the rows of a select."""
        with self._bulk(incoming):
            relation = self._cursor.sql(statement(name), params=params or None)
            return pl.DataFrame() if relation is None else relation.pl()

    def write(self, name: str, *, incoming: pl.DataFrame | None = None, **params: Any) -> int:
        """Run one insert, update, delete or definition and return how many rows it changed."""
        with self._bulk(incoming):
            row = self._cursor.execute(statement(name), params or None).fetchone()
        return int(row[0]) if row and isinstance(row[0], int) else 0

    @contextmanager
    def _bulk(self, incoming: pl.DataFrame | None) -> Iterator[None]:
        if incoming is None:
            yield
            return
        self._cursor.register("incoming", incoming)
        try:
            yield
        finally:
            # After an error the aborted transaction refuses this too; the first error is the one to show.
            with suppress(duckdb.TransactionException):
                self._cursor.unregister("incoming")


class Database:
    """The one connection to the live file. Any thread may read; writers take turns.

    `path` is None for a database in memory (tests, and evaluations that touch no instance).
    Opening refuses with a `Conflict` while another process holds the file.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        # DuckDB fails concurrent updates of one row instead of waiting, so writers queue here.
        self._writer = threading.RLock()
        self._connection = _connect(path)

    def read(self, name: str, *, incoming: pl.DataFrame | None = None, **params: Any) -> pl.DataFrame:
        """Return the rows of the select in `sql/<name>.sql`; sees what was committed before the call."""
        with self._cursor() as cursor:
            return cursor.read(name, incoming=incoming, **params)

    def write(self, name: str, *, incoming: pl.DataFrame | None = None, **params: Any) -> int:
        """Run the statement in `sql/<name>.sql`, durable when this returns; return the rows changed."""
        with self.transaction() as cursor:
            return cursor.write(name, incoming=incoming, **params)

    def append(self, name: str, frame: pl.DataFrame) -> int:
        """Write the rows of `frame`, which the statement selects from as `incoming`."""
        return self.write(name, incoming=frame)

    @contextmanager
    def transaction(self) -> Iterator[Cursor]:
        """Let several writes become visible and durable together, or not at all."""
        with self._writer, self._cursor() as cursor:
            inner = cursor._cursor
            inner.execute("begin")
            try:
                yield cursor
            except BaseException:
                # A fatal error has rolled back already; a second failure here would hide the first.
                try:
                    inner.execute("rollback")
                except duckdb.Error:
                    log.debug("nothing left to roll back")
                raise
            inner.execute("commit")

    def migrate(self) -> list[str]:
        """Apply the files of `sql/schema/` not yet applied, in order, and return their names."""
        with self.transaction() as cursor:
            cursor.write("lifecycle/create_migrations")
            done = set(cursor.read("lifecycle/migrations")["name"])
            names = [f"schema/{file.stem}" for file in sorted((SQL / "schema").glob("*.sql"))]
            new = [name for name in names if name not in done]
            for name in new:
                cursor.write(name)
            cursor.write(
                "lifecycle/record_migrations", incoming=pl.DataFrame({"name": new}, {"name": pl.String})
            )
        return new

    def reconnect(self) -> None:
        """Open the file anew if an error made DuckDB invalidate the whole instance; else do nothing."""
        with self._writer:
            if not self._is_usable():
                self._let_go()
                self._connection = _connect(self.path)

    def close(self) -> None:
        """Write everything to the file and let go of it."""
        with self._writer:
            self._let_go()

    def _is_usable(self) -> bool:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute("select 1 from migrations limit 0")
        except duckdb.Error:
            return False
        return True

    def _let_go(self) -> None:
        # DuckDB complains when a thread is reading at this moment, but closes all the same.
        with suppress(duckdb.Error):
            self._connection.close()

    @contextmanager
    def _cursor(self) -> Iterator[Cursor]:
        # A connection shared by threads raises "connection is busy": each call takes a cursor of its own.
        try:
            with self._connection.cursor() as cursor:
                yield Cursor(cursor)
        except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
            raise BrokenInput(_first_line(error)) from error
        except UNUSABLE as error:
            raise Unwritable(
                f"The database cannot be used: {_first_line(error)} Free some disk space and try again."
            ) from error


def open_database(data: Path) -> Database:
    """Open and migrate the database of a data folder, making the folder if need be.

    Refuses with a `Conflict` when the folder cannot be written to or the file is in use.
    """
    if data.is_file():
        raise Conflict(f"{data} is a file, not a folder to keep data in. Choose a folder with --data.")
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / f".writable-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Conflict(
            f"The data folder {data} cannot be written to ({error.strerror}). "
            "Change its permissions, or choose another folder with --data."
        ) from error
    database = Database(data / "movieapp.duckdb")
    database.migrate()
    return database


def _connect(path: Path | None) -> duckdb.DuckDBPyConnection:
    if path is None:
        return duckdb.connect(":memory:")
    try:
        return duckdb.connect(str(path))
    except duckdb.IOException as error:
        holder = re.search(r"Conflicting lock is held in (.+?) \(PID (\d+)\)", str(error))
        if holder:
            raise Conflict(
                f"{path} is in use by another program ({Path(holder[1]).name}, process {holder[2]}). "
                "Is movieapp running already? Stop that process, or choose another folder with --data."
            ) from error
        if "not a valid DuckDB database" in str(error):
            raise _no_database(path, error) from error
        if "lock" in str(error):
            raise Conflict(
                f"{path} is in use by another program. Stop it, or choose another --data."
            ) from error
        raise Conflict(
            f"{path} cannot be opened: {_first_line(error)} Check the folder's permissions and free space, "
            "or choose another with --data."
        ) from error
    except duckdb.Error as error:
        raise _no_database(path, error) from error


def _no_database(path: Path, error: Exception) -> Conflict:
    return Conflict(
        f"{path} is not a database that movieapp can read ({_first_line(error)}) "
        "Move it away and start again, or choose another folder with --data."
    )


def _first_line(error: Exception) -> str:
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return line if line.endswith((".", "!", "?")) else f"{line}."
