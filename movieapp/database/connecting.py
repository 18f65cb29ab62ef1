"""Opening a database file, and what can go wrong with one."""

import re
from pathlib import Path

import duckdb

from movieapp.errors import Conflict, Invalid, MovieAppError


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


def connect(path: Path | None) -> duckdb.DuckDBPyConnection:
    """Open a database file, or make one in memory; every refusal is a `Conflict`."""
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
            f"{path} cannot be opened: {first_line(error)} Check the folder's permissions and free space, "
            "or choose another with --data."
        ) from error
    except duckdb.Error as error:
        raise _no_database(path, error) from error


def _no_database(path: Path, error: Exception) -> Conflict:
    return Conflict(
        f"{path} is not a database that movieapp can read ({first_line(error)}) "
        "Move it away and start again, or choose another folder with --data."
    )


def first_line(error: Exception) -> str:
    """Return what DuckDB says, without the details, as a sentence."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return line if line.endswith((".", "!", "?")) else f"{line}."
