"""The night's retraining: what it takes notice of, when it is skipped, and that dying in it costs nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from movieapp.database import Database
from movieapp.errors import NotReady
from movieapp.lifecycle.promotion import by_hand
from movieapp.lifecycle.retraining import Arrived, clean_up, retrain
from movieapp.models.bundle import Bundle
from movieapp.registry import Registry, Stage, production
from tests.databases import copy_of, tiny_release, with_registry
from tests.lifecycle.bar import Bar
from tests.rows import rows
from tests.tiny_release import NEW

# The tiny release came in on the first of January.
NOW = datetime(2026, 1, 2, tzinfo=UTC)
DAY = timedelta(days=1)


class Killed(BaseException):
    """What ends a training from outside."""


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """The tiny release; the tests of this file run in order and share what they register."""
    database = copy_of(tiny_release)
    yield database
    database.close()


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return Registry(with_registry(tmp_path_factory.mktemp("registry")))


def execute(database: Database, query: str) -> None:
    with database.transaction() as cursor:
        cursor._cursor.execute(query)


def no_registry() -> Registry:
    raise AssertionError("the registry was opened for nothing")


def test_the_first_one_takes_everything_and_promotes(database: Database, registry: Registry) -> None:
    for movie_id in (NEW, 3):
        execute(
            database,
            f"insert into unknown_movies values ({movie_id}, null, 1, '2026-01-01', '2026-01-01')",  # noqa: S608
        )
    bar = Bar()
    done = retrain(database, lambda: registry, quick=True, seed=3, now=NOW, progress=bar)
    bar.check()
    n_ratings = rows(database, "from ratings").height
    assert done.arrived == Arrived(n_ratings=n_ratings, n_events=0, n_movies=2)
    assert done.outcome == "promoted"
    assert done.trained is not None
    assert done.trained.production.number == "1"
    assert "because it is the first" in done.summary
    # Film 3 is known now; of the new one there is too little to know.
    assert rows(database, "select movie_id from unknown_movies").rows() == [(NEW,)]


def test_without_anything_new_it_is_skipped_and_says_so(database: Database) -> None:
    done = retrain(database, no_registry, quick=True, seed=3, now=NOW + DAY)
    assert (done.outcome, done.trained) == ("skipped", None)
    assert (
        done.summary == "Nothing came in since the last training (2026-01-02 00:00 UTC), so none was needed."
    )


def test_what_came_in_is_counted_up_to_the_clock(database: Database, registry: Registry) -> None:
    execute(
        database,
        "insert into ratings values (1, 901, 4, '2026-01-02 10:00', '2026-01-02 10:00', 'app'), "
        "(2, 901, 4, '2026-01-01 10:00', '2026-01-02 00:00', 'app'), "
        "(3, 901, 4, '2026-01-05 10:00', '2026-01-05 10:00', 'app')",
    )
    execute(
        database,
        "insert into feedback values (uuid(), '2026-01-02 11:00', 1, 5, 'like', null, null), "
        "(uuid(), '2026-01-02 11:00', 1, 901, 'rating', 4, null), "
        "(uuid(), '2026-01-02 11:00', 1, 6, 'rating_removed', null, null)",
    )
    done = retrain(database, lambda: registry, quick=True, seed=3, now=NOW + DAY)
    assert done.arrived == Arrived(n_ratings=1, n_events=2, n_movies=1)
    assert done.outcome == "kept"
    assert done.trained is not None
    assert done.trained.production.number == "1"
    assert retrain(database, no_registry, quick=True, seed=3, now=NOW + DAY).outcome == "skipped"


def test_a_promotion_by_hand_is_no_training(database: Database, registry: Registry) -> None:
    by_hand(database, registry, "2", now=NOW + 9 * DAY)
    assert retrain(database, lambda: registry, quick=True, seed=3, now=NOW + 9 * DAY).arrived.n_ratings == 1


def test_force_trains_without_anything_new(database: Database, registry: Registry) -> None:
    done = retrain(database, lambda: registry, quick=True, seed=3, now=NOW + 9 * DAY, force=True)
    assert done.arrived == Arrived(0, 0, 0)
    assert done.summary.startswith("Trained, although nothing came in. ")
    assert done.trained is not None


def test_ending_it_at_any_stage_leaves_what_serves(database: Database, registry: Registry) -> None:
    serving = registry.production()
    n_decisions = rows(database, "from promotion_decisions").height
    for last in ("looking for what is new", "registering", "comparing with the version that serves"):

        def progress(stage: str, share: float, last: str = last) -> None:
            if stage == last:
                raise Killed

        with pytest.raises(Killed):
            retrain(
                database,
                lambda: registry,
                quick=True,
                seed=3,
                now=NOW + 20 * DAY,
                force=True,
                progress=progress,
            )
        clean_up(database, registry)
        assert registry.production() == serving
        waiting = {version.number for version in registry.versions() if version.stage is Stage.STAGING}
        assert waiting <= set(rows(database, "from promotion_decisions")["challenger"])
    assert rows(database, "from promotion_decisions").height == n_decisions
    assert production(registry._data) == serving
    Bundle.load(serving.serving_folder())  # type: ignore[union-attr]
    # Nothing that was begun counts as trained.
    assert retrain(database, no_registry, quick=True, seed=3, now=NOW + 20 * DAY).outcome == "skipped"


def test_an_empty_instance_is_refused_with_a_way_out(tmp_path: Path) -> None:
    empty = Database(tmp_path / "movieapp.duckdb")
    empty.migrate()
    with pytest.raises(NotReady, match=r"launcher\.py ingest"):
        retrain(empty, no_registry, quick=True, seed=3, now=NOW)
    empty.close()
