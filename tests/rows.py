"""A look into the tables, for tests that check what was written."""

import polars as pl

from movieapp.database import Database


def rows(database: Database, query: str) -> pl.DataFrame:
    """Return the rows of a select that a test spells out; the app itself only runs its SQL files."""
    with database.transaction() as cursor:
        return cursor._cursor.sql(query).pl()
