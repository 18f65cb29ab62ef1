"""What every test may ask for: an empty database, and data sets that are not in the repository."""

# ruff: noqa: E402
import os
import sys

# Compiled files are kept, whatever the environment says: the workers, and every launcher that a test starts,
# would compile all of the app anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Three workers on two cores: threads of one that wait for threads of another cost more than they bring.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
# Nobody needs a certificate to talk to this machine, and reading all that there are takes time per client.
os.environ |= {"SSL_CERT_FILE": "", "SSL_CERT_DIR": os.path.dirname(__file__)}

import gc

# Nothing that is imported becomes garbage.
gc.disable()

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from tests.thorough import examples

# The process that shares the tests out reads this file too, and they wait for it: what makes a fixture is
# imported where it is made.
if TYPE_CHECKING:
    from movieapp.database import Database
    from movieapp.models.bundle import Bundle

# What one example takes is the machine's affair.
settings.register_profile("any machine", deadline=None, max_examples=examples(100))
settings.load_profile("any machine")

REPOSITORY = Path(__file__).resolve().parent.parent
END_TO_END = "tests/e2e/"
# What takes longest, and then what waits for something again and again.
FIRST = (END_TO_END, "tests/test_simulation.py", "tests/ui/")


class OneInstance(LoadFileScheduling):
    """Each worker takes a file at a time, but one takes all with the instance that only it has to prepare."""

    def _split_scope(self, nodeid: str) -> str:
        return END_TO_END if nodeid.startswith(END_TO_END) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> OneInstance:
    """Share the tests out."""
    return OneInstance(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let nothing wait at the end, when there is nothing else to do meanwhile."""
    items.sort(key=lambda item: [not item.nodeid.startswith(folder) for folder in FIRST])


def pytest_collection_finish() -> None:
    """Keep what was imported out of every garbage collection."""
    gc.freeze()
    gc.enable()


@pytest.fixture
def database() -> "Iterator[Database]":
    """A migrated database in memory, without data."""
    from tests.databases import copy_of

    database = copy_of()
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
def tiny() -> "Iterator[Database]":
    """The tiny release, ingested; for tests that only read."""
    from tests.databases import copy_of, tiny_release

    database = copy_of(tiny_release)
    yield database
    database.close()


@pytest.fixture
def tiny_copy() -> "Iterator[Database]":
    """The tiny release, ingested; for one test that writes."""
    from tests.databases import copy_of, tiny_release

    database = copy_of(tiny_release)
    yield database
    database.close()


@pytest.fixture(scope="session")
def tiny_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the tiny release and a version that serves, as the commands leave it."""
    from movieapp.cli import main
    from tests.databases import with_registry
    from tests.tiny_release import write_release

    folder = tmp_path_factory.mktemp("instance")
    data = folder / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOVIEAPP_TRAIN_FULLY", "false")
        assert main(["ingest", "--data", str(data), "--from", str(write_release(folder))]) == 0
        assert main(["train", "--data", str(with_registry(data)), "--model", "als"]) == 0
    return data


@pytest.fixture(scope="session")
def tiny_bundle(tiny: "Database") -> "Bundle":
    """A version fitted on the tiny release."""
    from movieapp.models.als import ALS
    from movieapp.models.bundle import Bundle
    from movieapp.preparation.interactions import Interactions, read_ratings
    from movieapp.preparation.split import filtered

    kept = Interactions.of(filtered(read_ratings(tiny)))
    model = ALS(factors=2, alpha=5.0, regularization=0.1, seed=3).fit(kept)
    facts = {"algorithm": "als", "trained_at": "2026-01-01T00:00:00+00:00", "metrics": {}}
    return Bundle.of(model, model, kept, facts=facts)
