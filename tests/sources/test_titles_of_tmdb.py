"""Titles as TMDB writes them find the films of the bundled release; its links say which films they are."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from movieapp.database import Database
from movieapp.sources.exports.files import read_export
from movieapp.sources.exports.preview import Films, preview
from movieapp.sources.metadata import clear_metadata
from movieapp.sources.metadata_file import enrich
from movieapp.sources.movielens import ingest
from movieapp.sources.releases import bundled
from tests.databases import copy_of
from tests.rows import rows

NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def release() -> Iterator[Database]:
    """The bundled release; the tests of this file run in order."""
    database = copy_of()
    ingest(database, origin=bundled(), replace=False, now=NOW)
    yield database
    database.close()


@pytest.fixture(scope="module")
def films(release: Database) -> Films:
    """All films of the release."""
    return Films.read(release)


@pytest.fixture(scope="module")
def metadata(test_data: Callable[[str], Path]) -> Path:
    """What TMDB says of 45,000 films."""
    return test_data("tmdb-movies-metadata.zip")


@pytest.fixture(scope="module")
def enriched(release: Database, films: Films, metadata: Path) -> Database:
    """A fourth of the films, which says as much in less time, with what TMDB says of each by its ids."""
    with release.transaction() as cursor:
        cursor._cursor.execute("delete from movies where movie_id % 4 <> 1")
    assert enrich(release, origin=metadata, now=NOW).coverage.share_of_ratings > 0.99
    return release


def test_a_file_of_another_service_finds_the_films(enriched: Database, films: Films) -> None:
    """Letterboxd writes titles as TMDB does."""
    asked = "select movie_id, title, year(released_on) from film_metadata where title is not null"
    known = rows(enriched, asked).rows()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Date", "Name", "Year", "Letterboxd URI", "Rating"])
    writer.writerows(["2024-01-05", title, year or "", f"u{movie_id}", 4] for movie_id, title, year in known)
    found = preview(films, read_export("ratings.csv", text.getvalue().encode()))
    ids = [movie_id for movie_id, _, _ in known]
    matched = {row.number: film.film.movie_id for film in found.matched for row in film.rows}
    right = sum(matched.get(number) == movie_id for number, movie_id in enumerate(ids, 2))
    wrong = len(matched) - right
    assert len(ids) > 2000
    assert right / len(ids) > 0.98
    assert wrong / len(ids) < 0.001


def test_titles_and_years_find_what_the_ids_find(enriched: Database, metadata: Path) -> None:
    by_id = known(enriched)
    with enriched.transaction() as cursor:
        cursor.write("ingest/delete_links")
        clear_metadata(cursor)
    enrich(enriched, origin=metadata, now=NOW)
    by_title = {movie_id: tmdb_id for movie_id, tmdb_id in known(enriched).items() if movie_id in by_id}
    wrong = [movie_id for movie_id, tmdb_id in by_title.items() if by_id[movie_id] != tmdb_id]
    assert len(by_title) > 0.98 * len(by_id)
    assert len(wrong) < 0.001 * len(by_title)


def known(database: Database) -> dict[int, int]:
    """Return TMDB's ids by film."""
    return dict(rows(database, "select movie_id, tmdb_id from film_metadata").iter_rows())
