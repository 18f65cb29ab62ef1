"""The statements in sql/ by their names, and a cursor that runs them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

SQL = Path(__file__).resolve().parent.parent.parent / "sql"


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
