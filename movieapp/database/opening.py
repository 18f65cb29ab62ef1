"""The database of a data folder."""

import errno
import os
import secrets
from pathlib import Path

from movieapp.database.live import Database
from movieapp.errors import Conflict, NotFound

FILE = "movieapp.duckdb"
# What to do where a folder cannot be made or written to.
WAYS_OUT = {
    errno.ENAMETOOLONG: "Its name is longer than the disk allows:",
    errno.ENOENT: "Nothing can be kept there:",
    errno.ENOTDIR: "What it would be in is a file:",
    errno.EROFS: "Nothing can be written to that disk:",
    errno.ENOSPC: "Free some disk space, or",
    errno.EDQUOT: "Free some of your share of the disk, or",
}


def has_database(data: Path) -> bool:
    """Whether the data folder holds an instance."""
    # Unlike that of a path, this takes a name that no disk has room for as that of nothing.
    return os.path.exists(data / FILE)


def open_database(data: Path, *, make: bool = True) -> Database:
    """Open and migrate the database of a data folder; if need be make both, unless `make` is false.

    Refuses with a `Conflict` when the folder cannot be written to or the file is in use, and with
    `NotFound` where there is no database and none is to be made.
    """
    if os.path.isfile(data):
        raise Conflict(f"{data} is a file, not a folder to keep data in. Choose a folder with --data.")
    if not make and not has_database(data):
        raise NotFound(
            f"There is no instance in {data}: check --data (or MOVIEAPP_DATA), or make one there with "
            "launcher.py ingest and launcher.py train."
        )
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / f".writable-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        way_out = WAYS_OUT.get(error.errno or 0, "Change its permissions, or")
        raise Conflict(
            f"The data folder {data} cannot be written to ({error.strerror}). "
            f"{way_out} choose another folder with --data."
        ) from error
    database = Database(data / FILE)
    database.migrate()
    return database
