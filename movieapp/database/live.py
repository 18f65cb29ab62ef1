"""The live database: any thread reads, writers take turns, and a copy is published for analysts."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from movieapp.database.connecting import UNUSABLE, BrokenInput, Unwritable, connect, first_line
from movieapp.database.publishing import check_room, publish
from movieapp.database.statements import SQL, Cursor
from movieapp.database.turns import Turns

log = logging.getLogger(__name__)


class Database:
    """The one connection to the live file. Any thread may read; writers take turns.

    `path` is None for a database in memory (tests, and evaluations that touch no instance).
    Opening refuses with a `Conflict` while another process holds the file.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        # DuckDB fails concurrent updates of one row instead of waiting, so writers queue here.
        self._writer = Turns()
        self._publisher = threading.Lock()
        self._connection = connect(path)

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

    def publish(self, target: Path, *, now: datetime) -> None:
        """Put a complete copy, with the views for analysts, at `target`: whole, or not at all.

        Others read and write meanwhile; the copy holds what was committed when this began. Refuses with
        `Unwritable` where there is no room for it, and with a `Conflict` where it may not be put there.
        """
        with self._publisher:
            check_room(self.path, target)
            try:
                with self._cursor() as cursor:
                    publish(cursor, target, now=now)
            except Unwritable:
                # What fails in the copy can make DuckDB give up the live file too.
                self.reconnect()
                raise
        log.info("published to %s", target)

    def reconnect(self) -> None:
        """Open the file anew if an error made DuckDB invalidate the whole instance; else do nothing."""
        with self._writer:
            if not self._is_usable():
                self._let_go()
                self._connection = connect(self.path)

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
            # Ctrl+C while DuckDB reads a frame comes out as an error of DuckDB's.
            if "registered as 'incoming'" in str(error) and "KeyboardInterrupt" in str(error):
                raise KeyboardInterrupt from None
            raise BrokenInput(first_line(error)) from error
        except UNUSABLE as error:
            raise Unwritable(
                f"The database cannot be used: {first_line(error)} Free some disk space and try again."
            ) from error
