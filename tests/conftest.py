"""What every test may ask for: an empty database, and data sets that are not in the repository."""

import os

# Two workers on two cores: threads of one that wait for threads of the other cost more than they bring.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from movieapp.database import Database
from movieapp.models.als import ALS
from movieapp.models.bundle import Bundle
from movieapp.preparation.interactions import Interactions, read_ratings
from movieapp.preparation.split import filtered
from movieapp.sources.movielens import ingest
from tests.tiny_release import write_release

REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_collection_finish() -> None:
    """Keep what was imported out of every garbage collection; NiceGUI makes two around each of its tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def database() -> Iterator[Database]:
    """A migrated database in memory, without data."""
    database = Database()
    database.migrate()
    yield database
    database.close()


@pytest.fixture(scope="session")
def test_data() -> Callable[[str], Path]:
    """Return the path of a file of the optional test data, or skip the test, saying what is missing."""
    folder = Path(os.environ.get("MOVIEAPP_TEST_DATA", REPOSITORY.parent / "shared" / "data"))

    def find(name: str) -> Path:
        path = folder / name
        if not path.exists():
            pytest.skip(f"no {path}: put {name} there, or name its folder in MOVIEAPP_TEST_DATA")
        return path

    return find


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The tiny release, ingested; for tests that only read."""
    database = _ingested(write_release(tmp_path_factory.mktemp("tiny")))
    yield database
    database.close()


@pytest.fixture
def tiny_copy(tmp_path: Path) -> Iterator[Database]:
    """The tiny release, ingested for one test that writes."""
    database = _ingested(write_release(tmp_path))
    yield database
    database.close()


@pytest.fixture(scope="session")
def tiny_bundle(tiny: Database) -> Bundle:
    """A version fitted on the tiny release."""
    kept = Interactions.of(filtered(read_ratings(tiny)))
    model = ALS(factors=2, alpha=5.0, regularization=0.1, seed=3).fit(kept)
    facts = {"algorithm": "als", "trained_at": "2026-01-01T00:00:00+00:00", "metrics": {}}
    return Bundle.of(model, model, kept, facts=facts)


def _ingested(release: Path) -> Database:
    database = Database()
    database.migrate()
    ingest(database, origin=release, replace=False, now=datetime(2026, 1, 1, tzinfo=UTC))
    return database
