"""A release that fits in the head: three people, four films."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from movieapp.database import Database
from movieapp.models.bundle import Bundle
from movieapp.models.stars import Stars
from movieapp.preparation.interactions import Interactions, read_ratings
from movieapp.preparation.split import filtered
from tests.databases import copy_of

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MOVIES = pl.DataFrame(
    {
        "movie_id": [1, 2, 3, 40],
        "title": ["Toy Story (1995)", "Heat (1995)", "Matrix, The (1999)", "Nobody Rated Me (2000)"],
        "release_year": [1995, 1995, 1999, 2000],
        "genres": [["Animation", "Comedy"], ["Crime", "Thriller"], ["Action", "Thriller"], []],
    },
    schema_overrides={"genres": pl.List(pl.String)},
)
RATINGS = pl.DataFrame(
    {
        "user_id": [7, 7, 7, 9, 9, 2147483647],
        "movie_id": [3, 1, 2, 1, 3, 2],
        "rating": [5.0, 2.0, 4.0, 4.5, 0.5, 3.0],
        "seconds": [300, 100, 200, 1000, 1000, 4294967295],
    }
)


def fill(database: Database) -> None:
    """Put the release into an empty database."""
    database.append("ingest/movies", MOVIES)
    database.write("ingest/ratings", incoming=RATINGS, now=NOW.replace(tzinfo=None))
    people = pl.DataFrame(
        {"user_id": [7], "gender": ["F"], "age": [25], "occupation": ["writer"], "zip_code": ["12345"]}
    )
    database.append("ingest/users", people)


@pytest.fixture
def small() -> Iterator[Database]:
    """The release in memory."""
    database = copy_of(fill)
    yield database
    database.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The release in a file that nobody has open."""
    path = tmp_path / "movieapp.duckdb"
    database = Database(path)
    database.migrate()
    fill(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def starry(tiny: Database, tiny_bundle: Bundle) -> Bundle:
    """A version that predicts stars."""
    stars = Stars(rank=2, iterations=30, burn_in=10, kept=5, components=4, neighbours=5)
    stars.fit(Interactions.of(filtered(read_ratings(tiny))))
    return replace(tiny_bundle, stars=stars)
