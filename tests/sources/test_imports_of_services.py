"""Exports of hundreds of films of the bundled release: nearly all are found, and none is another film."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import polars as pl
import pytest

from movieapp.database import Database
from movieapp.sources.exports.files import read_export
from movieapp.sources.exports.preview import Films, Preview, preview
from movieapp.sources.exports.rows import Kind, Row
from movieapp.sources.movielens import ingest
from movieapp.sources.releases import bundled
from tests.sources import spelled
from tests.sources.spelled import Written

N_FILMS = 400
Writer = Callable[[list[Written]], bytes]
SERVICES: dict[str, tuple[str, Writer]] = {
    "Letterboxd, csv": ("ratings.csv", spelled.letterboxd_csv),
    "Letterboxd, zip": ("letterboxd.zip", spelled.letterboxd_zip),
    "IMDb": ("ratings.csv", spelled.imdb_csv),
    "IMDb, ten years ago": ("ratings.csv", spelled.imdb_old_csv),
    "Trakt": ("ratings-movies.json", spelled.trakt_json),
    "MovieLens": ("movielens-ratings.csv", spelled.movielens_csv),
}


@pytest.fixture(scope="module")
def release() -> Iterator[pl.DataFrame]:
    """The films of the bundled release, as they are matched with."""
    database = Database()
    database.migrate()
    ingest(database, origin=bundled(), replace=False, now=datetime(2026, 1, 1, tzinfo=UTC))
    yield database.read("catalog/films_to_match")
    database.close()


@pytest.fixture(scope="module")
def films(release: pl.DataFrame) -> Films:
    """The same, indexed."""
    return Films(release)


def meant(rows: list[Written], row: Row) -> Written:
    """Return what was written into a row; rows of csv files begin with the second line."""
    return rows[row.number - (1 if row.file.endswith(".json") else 2)]


def right(found: Preview, rows: list[Written]) -> set[int]:
    """Return the films that were found; no row may have found another one."""
    pairs = [(one.film, meant(rows, row)) for one in found.matched for row in one.rows]
    wrong = [(w.name, w.year, w.title, film.title) for film, w in pairs if film.movie_id != w.movie_id]
    assert wrong == []
    return {film.movie_id for film, _ in pairs}


@pytest.mark.parametrize(("name", "write"), SERVICES.values(), ids=SERVICES)
@pytest.mark.parametrize("seed", [1, 2])
def test_films_of_a_service_are_found(
    release: pl.DataFrame, films: Films, name: str, write: Writer, seed: int
) -> None:
    rows = spelled.written(release, n=N_FILMS, seed=seed)
    found = preview(films, read_export(name, write(rows)))
    assert len(right(found, rows)) >= 0.98 * N_FILMS
    told = {row.number: row for row in found.export.rows if row.kind is Kind.RATING}
    assert len(told) == N_FILMS
    assert all(row.stars == meant(rows, row).stars for row in told.values())


@pytest.mark.parametrize("name", ["IMDb", "Trakt"])
def test_names_do_where_the_release_knows_no_ids(release: pl.DataFrame, name: str) -> None:
    rows = spelled.written(release, n=N_FILMS, seed=3)
    without = Films(release.with_columns(pl.lit(None, pl.Int32).alias(key) for key in ("imdb_id", "tmdb_id")))
    file, write = SERVICES[name]
    assert len(right(preview(without, read_export(file, write(rows))), rows)) >= 0.98 * N_FILMS


def test_films_that_are_not_there_are_hardly_ever_taken_for_others(release: pl.DataFrame) -> None:
    rows = spelled.written(release, n=N_FILMS, seed=4)
    dated = [row for row in rows if row.year is not None]
    gone = {row.movie_id for row in dated[::4]}
    left = Films(release.filter(~pl.col("movie_id").is_in(list(gone))))
    found = preview(left, read_export("ratings.csv", spelled.letterboxd_csv(dated)))
    taken = [meant(dated, row) for one in found.matched for row in one.rows]
    # Services and MovieLens differ by a year about many films, so that a remake of the next year passes.
    assert sum(one.movie_id in gone for one in taken) <= 0.02 * len(gone)
