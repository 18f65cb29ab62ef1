"""Posters from TMDB: fetched once, checked to be pictures, and kept on the disk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from movieapp.database import Database
from movieapp.progress import Progress
from movieapp.sources.metadata import picture
from movieapp.sources.tmdb.line import NOT_FOUND, Answer, Line, Refused
from movieapp.sources.tmdb.pictures import SIZE, PosterCache, media_type

MOST_BYTES = 3_000_000
# A picture that could not be had is asked for again after so long.
AGAIN_AFTER = timedelta(days=30)
STAGE = "films: posters"


@dataclass(slots=True)
class Posters:
    """The cache, and the line by which it is filled; `now` is in UTC, without saying so.

    A line for pictures carries no key.
    """

    cache: PosterCache
    line: Line
    database: Database
    now: datetime

    def fetch(self, poster_path: str) -> bool:
        """Fetch one poster unless it is here; say whether it is now. What is no picture is noted."""
        if self.cache.has(poster_path):
            return True
        try:
            answer = self.line.get(f"/{SIZE}{poster_path}", most_bytes=MOST_BYTES, check=_check_picture)
            if answer.status == NOT_FOUND:
                raise Refused("TMDB does not have it.")
        except Refused as problem:
            self.database.write(
                "catalog/note_poster", poster_path=poster_path, reason=str(problem), now=self.now
            )
            return False
        self.cache.put(poster_path, answer.content)
        return True

    def missing(self) -> list[str]:
        """Return the names of the posters that the cache lacks, those of the most rated films first."""
        wanted = self.database.read("catalog/posters_to_fetch", since=self.now - AGAIN_AFTER)
        here = self.cache.files()
        return [path for path in wanted["poster_path"] if picture(path) and path not in here]

    def fetch_missing(self, progress: Progress, *, until: float) -> tuple[int, int, int]:
        """Fetch what the cache lacks until the line's clock says `until`.

        Returns how many posters came, how many could not be had, and how many are left.
        """
        missing = self.missing()
        n_fetched = n_tried = 0
        for poster_path in missing:
            if n_tried and self.line.clock() >= until:
                break
            self.line.idle = partial(progress, STAGE, n_tried / len(missing))
            n_fetched += self.fetch(poster_path)
            n_tried += 1
        progress(STAGE, 1.0)
        return n_fetched, n_tried - n_fetched, len(missing) - n_tried


def _check_picture(answer: Answer) -> None:
    if answer.status == NOT_FOUND:
        return
    if media_type(answer.content) is None:
        raise Refused("TMDB sent something that is no picture.")
    if not answer.is_whole:
        raise Refused("TMDB sent a picture without its length, which may be cut short.")
