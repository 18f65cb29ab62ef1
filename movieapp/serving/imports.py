"""Exports of other services on their way into a profile: looked at first, then taken in."""

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cachetools import TTLCache

from movieapp.database import Database
from movieapp.errors import NotFound
from movieapp.serving.profiles import Profiles
from movieapp.sources.exports.applying import Applied
from movieapp.sources.exports.files import read_export
from movieapp.sources.exports.preview import Films, Preview, preview
from movieapp.sources.exports.tables import MOST_ROWS

# A preview waits so long to be taken in; all together have at most so many rows, the oldest go first.
KEPT_S = 3600
KEPT_ROWS = 2 * MOST_ROWS


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that was looked at, and what it would bring."""

    import_id: str
    name: str
    preview: Preview


class Imports:
    """Previews in memory, for an hour. Looking at a file and taking it in take seconds: call in a thread."""

    def __init__(
        self,
        database: Database,
        profiles: Profiles,
        *,
        timer: Callable[[], float] = time.monotonic,
        most_rows: int = KEPT_ROWS,
    ) -> None:
        self._database = database
        self._profiles = profiles
        self._waiting: TTLCache[str, Waiting] = TTLCache(most_rows, KEPT_S, timer, getsizeof=_n_rows)
        self._lock = threading.Lock()
        # A file takes a multiple of its size in memory while it is read.
        self._one_at_a_time = threading.Lock()

    def look(self, name: str, content: bytes) -> Waiting:
        """Say what a file would bring. `Invalid`, with row and reason, for one that cannot be used."""
        with self._one_at_a_time:
            export = read_export(name, content)
            found = preview(Films.read(self._database), export)
        waiting = Waiting(str(uuid.uuid4()), name, found)
        with self._lock:
            self._waiting[waiting.import_id] = waiting
        return waiting

    def waiting(self, import_id: str) -> Waiting:
        """Return what was looked at; `NotFound` if that is too long ago."""
        with self._lock:
            found = self._waiting.get(import_id)
        if found is None:
            raise NotFound(
                "There is no such import, or not any more: they wait for an hour. Send the file again."
            )
        return found

    def take_in(
        self,
        import_id: str,
        user_id: int,
        *,
        choices: Mapping[int, int | None] | None = None,
        is_overwriting: bool = False,
        now: datetime,
    ) -> Applied:
        """Put it into somebody's profile; a second time, that changes nothing more."""
        found = self.waiting(import_id).preview
        return self._profiles.take_in(user_id, found, choices=choices, is_overwriting=is_overwriting, now=now)


def _n_rows(waiting: Waiting) -> int:
    return max(len(waiting.preview.export.rows), 1)
