"""A MovieLens release goes into the database: whole, or not at all."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import polars as pl

from movieapp.database import Cursor, Database, naive
from movieapp.errors import Conflict, Invalid
from movieapp.progress import Progress, silent
from movieapp.sources.files import ReleaseFiles, SourceFile, opened
from movieapp.sources.metadata import clear_metadata
from movieapp.sources.own_data import (
    KeptData,
    OwnData,
    clear_release,
    keep_own_data,
    read_own_data,
    restore_people,
)
from movieapp.sources.years import release_year

log = logging.getLogger(__name__)

# Published releases have no bad line at all, and a damaged copy has some. Where most lines are bad, the file
# means something else (columns swapped, other units, another release's films), and so may the rest of it.
MOST_REJECTED = 0.5

NO_USERS = {
    "user_id": pl.Int32,
    "gender": pl.String,
    "age": pl.Int16,
    "occupation": pl.String,
    "zip_code": pl.String,
}


@dataclass(frozen=True, slots=True)
class Ingested:
    """What the database holds of the release now, and what a replacement did to people's own."""

    release: str
    n_ratings: int
    n_users: int
    n_movies: int
    n_tags: int
    n_rejected: int
    is_unchanged: bool = False
    n_own_dropped: int = 0
    n_people_moved: int = 0


def ingest(
    database: Database,
    *,
    origin: Path,
    replace: bool,
    now: datetime,
    progress: Progress = silent,
    folder_for_unpacking: Path | None = None,
) -> Ingested:
    """Read the release in a zip or folder into the database, in one transaction.

    Lines that break a promise go to `rejected_rows`; a file that is no such file refuses the whole
    (`Invalid`). The release that is there already changes nothing; another one is a `Conflict` unless
    `replace`. Ratings from after `now` (plus a day, for clocks) are rejected.
    """
    started = perf_counter()
    with (
        opened(origin, folder=folder_for_unpacking, progress=progress) as files,
        database.transaction() as cursor,
    ):
        done = _unchanged(cursor, files, replace=replace)
        done = done or _Ingest(cursor, files, now, progress).run(origin)
    log.info(
        "ingested release=%s ratings=%d users=%d movies=%d rejected=%d unchanged=%s seconds=%.1f",
        done.release, done.n_ratings, done.n_users, done.n_movies, done.n_rejected, done.is_unchanged,
        perf_counter() - started,
    )  # fmt: skip
    return done


def _unchanged(cursor: Cursor, files: ReleaseFiles, *, replace: bool) -> Ingested | None:
    """Return what is there if it is this very release, None if the way is free, else refuse."""
    rows = cursor.read("ingest/dataset").to_dicts()
    if not rows:
        return None
    (there,) = rows
    if there.pop("checksum") == files.checksum:
        return Ingested(**there, is_unchanged=True)
    if replace:
        return None
    new = files.release.name
    other = f"another copy of {new}, with other files" if there["release"] == new else there["release"]
    raise Conflict(
        f"This data folder holds {other} ({there['n_ratings']:,} ratings). To put {new} in its place give "
        "--replace; to have both, choose another folder for it with --data."
    )


class _Ingest:
    """One ingest under way: its cursor, files and clock, and how many lines it left out so far."""

    def __init__(self, cursor: Cursor, files: ReleaseFiles, now: datetime, progress: Progress) -> None:
        self.cursor = cursor
        self.files = files
        self.format = files.release.format
        self.now = naive(now)
        self.latest = int((now + timedelta(days=1)).timestamp())
        self.progress = progress
        self.n_rejected = 0

    def run(self, origin: Path) -> Ingested:
        own = read_own_data(self.cursor)
        clear_release(self.cursor)
        clear_metadata(self.cursor)
        self._movies()
        self._ratings()
        kept = self._users(own)
        self._tags()
        self._links()
        self.cursor.write(
            "ingest/record_dataset",
            release=self.files.release.name,
            origin=str(origin),
            checksum=self.files.checksum,
            now=self.now,
            n_rejected=self.n_rejected,
        )
        counts = self.cursor.read("ingest/dataset").drop("checksum").row(0, named=True)
        return Ingested(**counts, n_own_dropped=kept.n_dropped, n_people_moved=kept.n_moved)

    def _movies(self) -> None:
        self.progress("ingest: movies", 0.0)
        file = self.files[self.format.movies]
        parsed = self.cursor.read(
            "ingest/parsed_movies",
            incoming=self._lines(file),
            pattern=self.format.movie_pattern,
            is_csv=self.format.is_csv,
        )
        good = self._usable(file, parsed)
        years = pl.Series("release_year", [release_year(title) for title in good["title"]], pl.Int16)
        self.cursor.write("ingest/movies", incoming=good.with_columns(years))
        self.progress("ingest: movies", 1.0)

    def _ratings(self) -> None:
        self.progress("ingest: ratings", 0.0)
        file = self.files[self.format.ratings]
        parsed = self.cursor.read(
            "ingest/parsed_ratings",
            file=str(file.path),
            encoding=file.encoding,
            n_header=file.n_header,
            delimiter=self.format.delimiter,
            latest=self.latest,
        )
        self.progress("ingest: ratings", 0.5)
        superseded = self.cursor.read("ingest/superseded", incoming=parsed.filter(pl.col("reason").is_null()))
        if superseded.height:
            parsed = parsed.update(superseded, on="line")
        self.progress("ingest: ratings", 0.7)
        rejected = parsed.filter(pl.col("reason").is_not_null()).select("line", "reason")
        if rejected.height:
            # The lines themselves are read again only where there is something to show.
            contents = self.cursor.read(
                "ingest/contents", incoming=rejected, file=str(file.path), encoding=file.encoding
            )
            parsed = parsed.join(contents.select("line", "content"), on="line", how="left")
        good = self._usable(file, parsed)
        if not good.height:
            raise Invalid(f"{file.name} has no rating in it. Unpack or download the release again.")
        self.cursor.write("ingest/ratings", incoming=good, now=self.now)
        self.progress("ingest: ratings", 1.0)

    def _users(self, own: OwnData) -> KeptData:
        """Add the people of the release, with demographics where it has them, beside the own ones."""
        self.progress("ingest: users", 0.0)
        kept = keep_own_data(self.cursor, own, release=self.files.release.name)
        people = pl.DataFrame(schema=NO_USERS)
        if file := self.files.get(self.format.users):
            parsed = self.cursor.read(
                "ingest/parsed_users",
                incoming=self._lines(file),
                delimiter=self.format.user_delimiter,
                gender_field=self.format.gender_field,
                age_field=self.format.age_field,
            )
            people = self._usable(file, parsed)
        self.cursor.write("ingest/users", incoming=people)
        restore_people(self.cursor, kept.own)
        self.progress("ingest: users", 1.0)
        return kept

    def _tags(self) -> None:
        if file := self.files.get(self.format.tags):
            self.progress("ingest: tags", 0.0)
            parsed = self.cursor.read(
                "ingest/parsed_tags",
                incoming=self._lines(file),
                pattern=self.format.tag_pattern,
                is_csv=self.format.is_csv,
                latest=self.latest,
            )
            self.cursor.write("ingest/tags", incoming=self._usable(file, parsed))
            self.progress("ingest: tags", 1.0)

    def _links(self) -> None:
        if file := self.files.get(self.format.links):
            self.progress("ingest: links", 0.0)
            parsed = self.cursor.read("ingest/parsed_links", incoming=self._lines(file))
            self.cursor.write("ingest/links", incoming=self._usable(file, parsed))
            self.progress("ingest: links", 1.0)

    def _lines(self, file: SourceFile) -> pl.DataFrame:
        return self.cursor.read(
            "ingest/lines", file=str(file.path), encoding=file.encoding, n_header=file.n_header
        )

    def _usable(self, file: SourceFile, parsed: pl.DataFrame) -> pl.DataFrame:
        """Return the lines without a reason against them, and note the others."""
        is_bad = pl.col("reason").is_not_null()
        bad = parsed.filter(is_bad).sort("line")
        if bad.height > MOST_REJECTED * parsed.height:
            raise Invalid(
                f"{file.name}: {bad.height:,} of {parsed.height:,} lines cannot be used, the first is line "
                f"{bad['line'][0]}: {bad['reason'][0]}. Nothing was changed. "
                "Unpack or download the release again."
            )
        if not bad.height:
            return parsed  # no copy: the ratings of a large release fill a gigabyte
        self.n_rejected += self.cursor.write("ingest/rejected_rows", incoming=bad, file_name=file.name)
        return parsed.filter(~is_bad)
