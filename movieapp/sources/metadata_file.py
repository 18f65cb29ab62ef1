"""A file with metadata of films goes into the database: matched by ids, else by title and year."""

import logging
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

import polars as pl

from movieapp.database import Database, naive
from movieapp.errors import Invalid, NotFound, NotReady
from movieapp.progress import Progress, silent
from movieapp.sources.metadata import PICTURE, SCHEMA, Coverage, coverage
from movieapp.sources.title_match import MUCH_BETTER_KNOWN, NEARLY, YEARS_APART, Found, Titled, TitleMatcher

log = logging.getLogger(__name__)

FILE = "movies_metadata.csv"
MOST_BYTES = 1024**3

NEEDED = ("id", "imdb_id", "title", "release_date")
COLUMNS = (
    *NEEDED,
    *("original_title", "overview", "popularity", "poster_path", "runtime", "vote_average", "vote_count"),
)
NO_OVERVIEW = ("No overview found.", "No Overview")


@dataclass(frozen=True, slots=True)
class Enriched:
    """What a metadata file brought; `rejected` are (row of the file, reason)."""

    n_found: int
    rejected: tuple[tuple[int, str], ...]
    coverage: Coverage


def enrich(database: Database, *, origin: Path, now: datetime, progress: Progress = silent) -> Enriched:
    """Read `movies_metadata.csv`, or a zip with it, into `film_metadata`, in one transaction.

    Films are matched by TMDB id, else IMDb id, else title and year. What TMDB itself said before stays.
    """
    progress("enrich: reading", 0.0)
    known, rejected = _read(origin)
    films = database.read("catalog/films_to_enrich")
    if films.is_empty():
        raise NotReady("There are no films yet to be enriched: run launcher.py ingest first.")
    progress("enrich: matching", 0.0)
    found = _matched(films, known, progress)
    progress("enrich: writing", 0.0)
    rows = found.with_columns(origin=pl.lit("file"), fetched_at=pl.lit(naive(now), pl.Datetime("us")))
    with database.transaction() as cursor:
        cursor.write("catalog/put_metadata", incoming=_in_shape(rows))
    done = Enriched(found.height, rejected, coverage(database))
    log.info("enriched films=%d of=%d rejected=%d", done.n_found, films.height, len(rejected))
    progress("enrich: writing", 1.0)
    return done


def _read(origin: Path) -> tuple[pl.DataFrame, tuple[tuple[int, str], ...]]:
    """Return the films of the file, one row per TMDB id, and the rows that are none."""
    try:
        raw = pl.read_csv(_content(origin), infer_schema=False, truncate_ragged_lines=True)
    except pl.exceptions.PolarsError as error:
        raise Invalid(
            f"{origin} is no csv file that can be read: {_first_line(error)}. {_WAY_OUT}"
        ) from error
    except OSError as error:
        raise Invalid(f"{origin} cannot be read: {error.strerror or error}. {_WAY_OUT}") from error
    missing = [column for column in NEEDED if column not in raw.columns]
    if missing:
        raise Invalid(f"{origin} has no column {' and no '.join(missing)}. {_WAY_OUT}")
    raw = raw.with_columns(pl.lit(None, pl.String).alias(name) for name in COLUMNS if name not in raw.columns)
    raw = raw.select(COLUMNS).with_row_index("row", offset=2)
    is_film = pl.col("id").str.contains(r"^[0-9]{1,9}$").fill_null(False)
    odd = raw.filter(~is_film)
    good = raw.filter(is_film)
    if good.is_empty():
        raise Invalid(f"{origin} has no film in it. {_WAY_OUT}")
    rejected = tuple(
        (row, f"the id {value!r} is no TMDB id") for row, value in odd.select("row", "id").rows()
    )
    return _typed(good), rejected


_WAY_OUT = f"Give {FILE} of The Movies Dataset, or the zip with it."


def _content(origin: Path) -> Path | bytes:
    if not origin.is_file():
        raise NotFound(f"There is no file {origin}. {_WAY_OUT}")
    if not zipfile.is_zipfile(origin):
        return origin
    try:
        with zipfile.ZipFile(origin) as archive:
            inside = [each for each in archive.infolist() if PurePosixPath(each.filename).name == FILE]
            if not inside:
                raise Invalid(f"{origin} has no {FILE} in it. {_WAY_OUT}")
            if inside[0].file_size > MOST_BYTES:
                raise Invalid(f"{FILE} in {origin} is too large to be what it says. {_WAY_OUT}")
            return archive.read(inside[0])
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise Invalid(f"{origin} is cut short or damaged ({error}). {_WAY_OUT}") from error


def _typed(raw: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of the table as far as the file has them; what cannot be read becomes null."""
    votes = pl.col("vote_count").cast(pl.Float64, strict=False).cast(pl.Int32, strict=False)
    overview = pl.col("overview").str.strip_chars()
    is_picture = pl.col("poster_path").str.contains(f"^{PICTURE.pattern}$")
    runtime = pl.col("runtime").cast(pl.Float64, strict=False).round().cast(pl.Int16, strict=False)
    return (
        raw.select(
            tmdb_id=pl.col("id").cast(pl.Int32),
            imdb_id=pl.col("imdb_id").str.extract(r"^tt([0-9]{1,9})$").cast(pl.Int32, strict=False),
            title=pl.col("title").str.strip_chars(),
            original_title=pl.col("original_title").str.strip_chars(),
            overview=pl.when((overview != "") & ~overview.is_in(NO_OVERVIEW)).then(overview),
            runtime_min=pl.when(runtime > 0).then(runtime),
            released_on=pl.col("release_date").str.to_date("%Y-%m-%d", strict=False),
            vote_average=pl.when(votes > 0).then(pl.col("vote_average").cast(pl.Float32, strict=False)),
            n_votes=votes,
            popularity=pl.col("popularity").cast(pl.Float32, strict=False),
            poster_path=pl.when(is_picture).then(pl.col("poster_path")),
        )
        .sort("n_votes", descending=True, nulls_last=True)
        .unique("tmdb_id", keep="first", maintain_order=True)
    )


def _matched(films: pl.DataFrame, known: pl.DataFrame, progress: Progress) -> pl.DataFrame:
    """Return what is known of each film of the release that is found, with `movie_id` and `matched_by`."""
    by_tmdb = _joined(films, known, "tmdb_id")
    left = films.join(by_tmdb, on="movie_id", how="anti")
    by_imdb = _joined(left, known.filter(pl.col("imdb_id").is_not_null()).unique("imdb_id"), "imdb_id")
    left = left.join(by_imdb, on="movie_id", how="anti")
    by_title = _by_title(left, known, progress)
    return pl.concat([by_tmdb, by_imdb, by_title], how="diagonal")


def _joined(films: pl.DataFrame, known: pl.DataFrame, key: str) -> pl.DataFrame:
    found = films.select("movie_id", key).join(known, on=key)
    return found.with_columns(matched_by=pl.lit(key.replace("_", " ")))


def _by_title(films: pl.DataFrame, known: pl.DataFrame, progress: Progress) -> pl.DataFrame:
    years = films["release_year"].drop_nulls().unique().to_list()
    about = {year + apart for year in years for apart in range(-YEARS_APART, YEARS_APART + 1)}
    near = known.with_columns(year=pl.col("released_on").dt.year()).filter(pl.col("year").is_in(list(about)))
    theirs = {
        tmdb_id: Titled(tmdb_id, tuple(filter(None, titles)), year, votes or 0)
        for tmdb_id, year, votes, *titles in near.select(
            "tmdb_id", "year", "n_votes", "title", "original_title"
        ).rows()
    }
    matcher = TitleMatcher(theirs.values())
    # A link that the file does not have says that the film of that name is another one.
    imdb_ids = dict(near.select("tmdb_id", "imdb_id").rows())
    pairs = []
    rows = films.select("movie_id", "title", "release_year", "imdb_id").rows()
    for position, (movie_id, title, year, imdb_id) in enumerate(rows):
        if position % 500 == 0:
            progress("enrich: matching", position / len(rows))
        if year is None:
            continue
        found = matcher.match((title,), year)
        key = found.key if found.key is not None else _better_known(found, year, theirs)
        contradicted = key is not None and None not in (imdb_id, imdb_ids[key]) and imdb_ids[key] != imdb_id
        if key is not None and not contradicted:
            pairs.append((movie_id, key))
    found_pairs = pl.DataFrame(pairs, {"movie_id": pl.Int32, "tmdb_id": pl.Int32}, orient="row")
    return found_pairs.join(known, on="tmdb_id").with_columns(matched_by=pl.lit("title"))


def _better_known(found: Found, year: int, films: dict[int, Titled]) -> int | None:
    """Return the first candidate if its name is near enough and next to nobody knows the others."""
    about = [films[key] for key in found.candidates if abs((films[key].year or 0) - year) <= YEARS_APART]
    if not about or about[0].key != found.candidates[0] or found.likeness < NEARLY:
        return None
    others = max((film.weight for film in about[1:]), default=0)
    return about[0].key if about[0].weight > MUCH_BETTER_KNOWN * others else None


def _in_shape(rows: pl.DataFrame) -> pl.DataFrame:
    """Return all columns of the table; empty lists where the file has no such column."""
    empty = pl.lit([], pl.List(pl.String))
    lists = [name for name, kind in SCHEMA.items() if kind == pl.List(pl.String)]
    rows = rows.with_columns(empty.alias(name) for name in lists if name not in rows.columns)
    rows = rows.with_columns(pl.lit(None).alias(name) for name in SCHEMA if name not in rows.columns)
    return rows.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
