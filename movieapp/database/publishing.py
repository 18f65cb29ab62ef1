"""The file that analysts read: a complete copy of the live one with the views, written aside, then moved."""

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import duckdb

from movieapp.database.connecting import Unwritable, first_line
from movieapp.database.instants import naive
from movieapp.database.statements import SQL, Cursor, statement
from movieapp.errors import Conflict

PUBLISHED = "analytics.duckdb"
# The oldest DuckDB that is to read the file.
STORAGE_VERSION = "v1.2.0"
SPARE_BYTES = 2**25


def check_room(live: Path | None, target: Path) -> None:
    """Refuse with `Unwritable` where a copy would fill the disk, which could break the live file."""
    needed = SPARE_BYTES + (live.stat().st_size if live is not None and live.exists() else 0)
    if target.parent.is_dir() and shutil.disk_usage(target.parent).free < needed:
        raise Unwritable(
            f"There is no room to publish {target.name}: it needs {needed / 1e6:,.0f} MB. "
            "Free some disk space; what was published before stays."
        )


def publish(cursor: Cursor, target: Path, *, now: datetime) -> None:
    """Copy what is committed, and the views, to `target` in one transaction that only reads the live file."""
    aside = target.with_name(f"{target.name}.new")
    inner = cursor._cursor
    _clear(aside)
    try:
        try:
            inner.execute(
                f"attach $file as published (storage_version '{STORAGE_VERSION}')", {"file": str(aside)}
            )
        except duckdb.IOException as error:
            raise Conflict(
                f"{target} cannot be written: {first_line(error)} Check the folder and its permissions."
            ) from error
        _copy(cursor, now)
        _move(aside, target)
    except BaseException:
        with suppress(OSError):
            _clear(aside)
        raise


def _copy(cursor: Cursor, now: datetime) -> None:
    """Fill the attached file, and let go of it."""
    inner = cursor._cursor
    ((live,),) = inner.execute("select current_database()").fetchall()
    quoted = '"' + live.replace('"', '""') + '"'
    try:
        inner.execute("begin")
        # Names of databases cannot be parameters.
        inner.execute(f"copy from database {quoted} to published")
        inner.execute("use published")
        cursor.write("publishing/stamp", now=naive(now))
        for file in sorted((SQL / "views").glob("*.sql")):
            inner.execute(statement(f"views/{file.stem}"))
        inner.execute("commit")
    finally:
        # After an error some of these are not open any more; the first error is the one to show.
        for statement_text in ("rollback", f"use {quoted}", "detach published"):
            with suppress(duckdb.Error):
                inner.execute(statement_text)


def _move(aside: Path, target: Path) -> None:
    # A log beside the file is what somebody tried on the copy before; it fits no other.
    _log_of(target).unlink(missing_ok=True)
    try:
        os.replace(aside, target)
    except OSError as error:
        raise Conflict(
            f"{target} cannot be replaced ({error.strerror}): another program may hold it open. "
            "It stays as it was published before; close that program, or wait for the next time."
        ) from error


def _clear(aside: Path) -> None:
    """Remove what a publication left that was cut off."""
    for file in (aside, _log_of(aside)):
        file.unlink(missing_ok=True)


def _log_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.wal")
