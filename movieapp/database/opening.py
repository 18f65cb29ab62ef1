"""The database of a data folder."""

import secrets
from pathlib import Path

from movieapp.database.live import Database
from movieapp.errors import Conflict, NotFound

FILE = "movieapp.duckdb"


def has_database(data: Path) -> bool:
    """Whether the data folder holds an instance."""
    return (data / FILE).exists()


def open_database(data: Path, *, make: bool = True) -> Database:
    """Open and migrate the database of a data folder; if need be make both, unless `make` is false.

    Refuses with a `Conflict` when the folder cannot be written to or the file is in use, and with
    `NotFound` where there is no database and none is to be made.
    """
    if data.is_file():
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
        raise Conflict(
            f"The data folder {data} cannot be written to ({error.strerror}). "
            "Change its permissions, or choose another folder with --data."
        ) from error
    database = Database(data / FILE)
    database.migrate()
    return database
