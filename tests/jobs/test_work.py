"""What the jobs do on a small instance, and what the next request gets after a promotion."""

import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from movieapp.database import Database
from movieapp.errors import NotReady
from movieapp.jobs.runs import Cancelled, Runs, Stopped
from movieapp.jobs.table import JOBS, perform
from movieapp.jobs.work import PUBLISHED, Terms, Workplace, recover
from movieapp.lifecycle.training import train
from movieapp.models.bundle import Bundle
from movieapp.progress import Progress, silent
from movieapp.registry import Registry, Stage, production
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import LoggedRequest, RequestLog
from movieapp.sources.movielens import ingest
from tests.databases import with_registry
from tests.rows import rows
from tests.tiny_release import write_release

# A little after the ratings of the release.
INGESTED = datetime(2001, 9, 25, tzinfo=UTC)
NIGHT = datetime(2001, 9, 26, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the tiny release and a first version, which only knows what is popular."""
    folder = tmp_path_factory.mktemp("trained")
    data = folder / "data"
    data.mkdir()
    database = Database(data / "movieapp.duckdb")
    database.migrate()
    ingest(database, origin=write_release(folder), replace=False, now=INGESTED)
    train(
        database, lambda: Registry(with_registry(data)), recipe="popularity", quick=True, seed=3, now=INGESTED
    )
    database.close()
    return data


@pytest.fixture
def place(trained: Path, tmp_path: Path) -> Iterator[Workplace]:
    """A copy of the folder, served, to which a rating came in after the training."""
    data = Path(shutil.copytree(trained, tmp_path / "data"))
    database = Database(data / "movieapp.duckdb")
    profiles = Profiles(database)
    profiles.load()
    recommender = Recommender(database, profiles, RequestLog(database), clock=lambda: NIGHT)
    recommender.show(read_catalogue(database))
    version = production(data)
    assert version is not None
    recommender.swap(Bundle.load(version.serving_folder()), version=version.number)
    profiles.rate(7, 8, 4.5, now=NIGHT - timedelta(hours=5))
    yield Workplace(database, data, Terms(seed=3, train_fully=False), recommender)
    database.close()


def run(place: Workplace, name: str, *, now: datetime = NIGHT, progress: Progress = silent) -> str:
    """Run a job and return what it says that it did."""
    clock = lambda: now  # noqa: E731
    return perform(JOBS[name], place, started_by="schedule", clock=clock, progress=progress).summary


def answered_by(place: Workplace) -> str | None:
    assert place.recommender is not None
    return place.recommender.recommend(6, k=3).model_version


def test_the_first_answer_after_a_promotion_is_the_new_versions(place: Workplace) -> None:
    assert answered_by(place) == "1"
    assert "takes over from version 1 (popularity)" in run(place, "retrain")
    assert answered_by(place) == "2"
    assert place.recommender is not None
    live = place.recommender.live
    assert live is not None
    assert (live.version, live.trained_at) == ("2", NIGHT)
    # Without anything new there is no second training, unless it is asked for; what it needs is in the terms.
    later = NIGHT + timedelta(days=1)
    assert "Nothing came in" in run(place, "retrain", now=later)
    outcomes = rows(place.database, "from job_runs order by started_at")["outcome"].to_list()
    assert outcomes == ["done", "skipped"]
    strict = replace(place, terms=replace(place.terms, force=True, require_significance=True))
    assert "Version 3" in run(strict, "retrain", now=later)
    assert answered_by(place) == "2"
    (numbers,) = rows(place.database, "from promotion_decisions where challenger = '3'")["numbers"]
    assert json.loads(numbers)["gain"]["unclear_by"] is not None


def ends_at(stage: str, error: Exception) -> Progress:
    """Return a progress that raises as soon as a stage begins."""

    def progress(now_at: str, _share: float) -> None:
        if now_at.startswith(stage):
            raise error

    return progress


class DiskFullAfterPromoting(Registry):
    """Lets another version serve, and then fails as a full disk does."""

    def promote(self, number: str) -> None:
        super().promote(number)
        raise OSError("No space left on device")


class WithLittleRoom(Workplace):
    """Where that happens."""

    def open_registry(self) -> Registry:
        return DiskFullAfterPromoting(self.data)


def test_what_took_effect_serves_even_if_its_record_failed(place: Workplace) -> None:
    crowded = WithLittleRoom(place.database, place.data, place.terms, place.recommender)
    with pytest.raises(OSError, match="No space left"):
        run(crowded, "retrain")
    assert place.recommender.live.version == production(place.data).number == "2"  # type: ignore[union-attr]
    assert rows(place.database, "from promotion_decisions where challenger = '2'").height == 1


@pytest.mark.parametrize("stage", ["training", "comparing"])
def test_a_cancelled_training_leaves_the_live_version_and_no_half_registered_one(
    place: Workplace, stage: str
) -> None:
    with pytest.raises(Cancelled):
        run(place, "retrain", progress=ends_at(stage, Cancelled()))
    assert rows(place.database, "from job_runs")["outcome"].to_list() == ["cancelled"]
    check_untouched(place)


def test_what_a_training_left_that_ended_with_the_process_is_put_right_at_the_next_start(
    place: Workplace,
) -> None:
    with pytest.raises(Stopped):
        run(place, "retrain", progress=ends_at("comparing", Stopped()))
    assert place.open_registry().version("2").stage is Stage.STAGING
    recover(place, clock=lambda: NIGHT)
    assert rows(place.database, "from job_runs")["outcome"].to_list() == ["interrupted"]
    check_untouched(place)
    assert set(Runs(place.database, clock=lambda: NIGHT).last()) == set()


def check_untouched(place: Workplace) -> None:
    """Version 1 serves, here and after a restart, and no other waits for anything."""
    assert answered_by(place) == "1"
    version = production(place.data)
    assert version is not None
    assert version.number == "1"
    stages = {version.number: version.stage for version in place.open_registry().versions()}
    assert stages.pop("1") is Stage.PRODUCTION
    assert set(stages.values()) <= {Stage.ARCHIVED}


def test_the_report_is_written_where_the_pages_look_for_it(place: Workplace) -> None:
    assert "Wrote 2001-09-26.html" in run(place, "report")
    page = (place.data / "reports" / "2001-09-26.html").read_text(encoding="utf-8")
    assert "Version 1 (popularity) serves" in page
    alone = replace(place, recommender=None)
    run(alone, "report")
    assert (place.data / "reports" / "2001-09-26.html").read_text(encoding="utf-8").count("Version 1") > 0


def test_without_a_list_there_is_nothing_to_replay(place: Workplace) -> None:
    assert "no list to replay" in run(place, "replay")
    assert rows(place.database, "from job_runs")["outcome"].to_list() == ["skipped"]


def test_the_database_is_published(place: Workplace) -> None:
    run(place, "publish")
    published = Database(place.data / PUBLISHED)
    try:
        assert rows(published, "from ratings").height == rows(place.database, "from ratings").height
    finally:
        published.close()


def test_old_requests_go_and_young_ones_stay(place: Workplace) -> None:
    log = RequestLog(place.database)
    for days in (0, 8, 9, 31, 400):
        log.put(request(NIGHT - timedelta(days=days)))
    log.flush()
    run(place, "replay")
    run(place, "housekeeping")
    assert ages(place) == [0, 8, 9]
    # However short they are to be kept, a day stays whole until its replay is final.
    run(replace(place, terms=replace(place.terms, keep_days=7)), "housekeeping")
    assert ages(place) == [0, 8, 9]
    run(replace(place, terms=replace(place.terms, keep_days=7, replay_days=6)), "housekeeping")
    assert ages(place) == [0, 8]


def test_what_was_never_replayed_stays_however_old_it_is(place: Workplace) -> None:
    log = RequestLog(place.database)
    old = request(NIGHT - timedelta(days=40))
    never = {"endpoint": "similar"}, {"user_id": None}, {"status": 404}, {"recommendations": (), "scores": ()}
    for other in ({}, {"endpoint": "home"}, *never):
        log.put(replace(old, request_id=str(uuid.uuid4()), **other))
    log.flush()
    run(place, "housekeeping")
    assert rows(place.database, "from requests order by endpoint")["endpoint"].to_list() == [
        "home",
        "recommend",
    ]
    # A replay at which its days are still open leaves them.
    run(place, "replay", now=NIGHT - timedelta(days=38))
    run(place, "housekeeping")
    assert ages(place) == [40, 40]
    run(place, "replay")
    run(place, "housekeeping")
    assert ages(place) == []


def request(requested_at: datetime) -> LoggedRequest:
    return LoggedRequest(
        request_id=str(uuid.uuid4()),
        requested_at=requested_at,
        user_id=6,
        endpoint="recommend",
        model_version="1",
        recommendations=(6,),
        scores=(1.0,),
        latency_ms=1.0,
        is_fallback=False,
        status=200,
        asked={},
    )


def ages(place: Workplace) -> list[int]:
    instants = rows(place.database, "from requests")["requested_at"]
    return sorted((NIGHT.replace(tzinfo=None) - instant).days for instant in instants)


def test_files_of_old_versions_go_but_never_of_those_in_use(place: Workplace) -> None:
    registry = place.open_registry()
    first = registry.version("1")
    for _ in range(4):
        run_id = registry.log_run("again", parameters={}, metrics={}, tags={}, artifacts=first.folder)
        registry.register(run_id, algorithm="popularity", dataset=first.dataset, now=NIGHT)
    registry.promote("2")
    assert "the files of version 3." in run(keeping(place, 1), "housekeeping")
    assert "the files of version 4" in run(keeping(place, 0), "housekeeping")
    versions = {version.number: version for version in registry.versions()}
    assert {number for number, version in versions.items() if version.is_pruned} == {"3", "4"}
    assert (versions["5"].stage, versions["2"].stage) == (Stage.STAGING, Stage.PRODUCTION)
    for number in ("1", "2", "5"):  # where a rollback goes, production, staging
        Bundle.load(versions[number].serving_folder())
    assert not versions["3"].folder.exists()


def keeping(place: Workplace, versions: int) -> Workplace:
    return replace(place, terms=replace(place.terms, keep_versions=versions))


def test_an_instance_without_films_is_refused(database: Database, tmp_path: Path) -> None:
    empty = Workplace(database, tmp_path, Terms(seed=3, train_fully=False))
    for name in ("retrain", "report"):
        with pytest.raises(NotReady, match=r"launcher\.py"):
            perform(JOBS[name], empty, started_by="command", clock=lambda: NIGHT)
