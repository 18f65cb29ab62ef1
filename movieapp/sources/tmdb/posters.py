"""Posters on the disk: fetched once, checked to be pictures, and served from here."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from movieapp.database import Database
from movieapp.errors import Conflict
from movieapp.progress import Progress, silent
from movieapp.sources.metadata import picture
from movieapp.sources.tmdb.line import NOT_FOUND, Answer, Line, Refused

SIZE = "w342"
MOST_BYTES = 3_000_000
# A picture that could not be had is asked for again after so long.
AGAIN_AFTER = timedelta(days=30)
STAGE = "films: posters"


@dataclass(frozen=True, slots=True)
class PosterCache:
    """A folder of pictures under the names that TMDB gives them."""

    folder: Path

    def file(self, poster_path: str | None) -> Path | None:
        """Return where the poster is, or None if it is not here."""
        if picture(poster_path) is None:
            return None
        file = self._place(str(poster_path))
        return file if file.is_file() else None

    def put(self, poster_path: str, content: bytes) -> Path:
        """Keep a picture, whole or not at all; `Conflict` where the folder takes nothing."""
        file = self._place(poster_path)
        aside = file.with_name(f"{file.name}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(content)
            os.replace(aside, file)
        except OSError as error:
            raise Conflict(
                f"Posters cannot be saved in {file.parent}: {error.strerror or error}. Check the folder's "
                "permissions and free space."
            ) from error
        return file

    def _place(self, poster_path: str) -> Path:
        return self.folder / SIZE / poster_path.removeprefix("/")


@dataclass(slots=True)
class Posters:
    """The cache, and the line by which it is filled. A line for pictures carries no key."""

    cache: PosterCache
    line: Line
    database: Database
    clock: Callable[[], datetime]

    def fetch(self, poster_path: str) -> bool:
        """Fetch one poster unless it is here; say whether it is now. What is no picture is noted."""
        if self.cache.file(poster_path) is not None:
            return True
        try:
            answer = self.line.get(f"/{SIZE}{poster_path}", most_bytes=MOST_BYTES, check=_check_picture)
            if answer.status == NOT_FOUND:
                raise Refused("TMDB does not have it.")
        except Refused as problem:
            self.database.write(
                "catalog/note_poster", poster_path=poster_path, reason=str(problem), now=self._now()
            )
            return False
        self.cache.put(poster_path, answer.content)
        return True

    def fetch_missing(self, progress: Progress = silent) -> tuple[int, int]:
        """Fetch what the cache lacks, the most rated films first; return how many came, how many not."""
        since = self._now() - AGAIN_AFTER
        wanted = self.database.read("catalog/posters_to_fetch", since=since)["poster_path"].to_list()
        missing = [path for path in wanted if picture(path) and self.cache.file(path) is None]
        n_fetched = 0
        for position, poster_path in enumerate(missing):
            share = position / len(missing)
            self.line.idle = partial(progress, STAGE, share)
            n_fetched += self.fetch(poster_path)
        progress(STAGE, 1.0)
        return n_fetched, len(missing) - n_fetched

    def _now(self) -> datetime:
        return self.clock().astimezone(UTC).replace(tzinfo=None)


def media_type(content: bytes) -> str | None:
    """Return what kind of picture begins like this, or None: the name and the server may say anything."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def _check_picture(answer: Answer) -> None:
    if answer.status == NOT_FOUND:
        return
    if media_type(answer.content) is None:
        raise Refused("TMDB sent something that is no picture.")
    if not answer.is_whole:
        raise Refused("TMDB sent a picture without its length, which may be cut short.")
