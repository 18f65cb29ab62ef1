"""The registry: versions, stages, a moved folder, a broken file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from movieapp.errors import Conflict, Invalid, NotFound, NotReady
from movieapp.models.als import ALS
from movieapp.models.bundle import Bundle
from movieapp.registry import MEASURED, SERVING, Registry, Stage, Version, production
from tests.checkerboard import checkerboard
from tests.databases import with_registry

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("artifacts") / "bundle"
    board = checkerboard()
    model = ALS(factors=2).fit(board)
    bundle = Bundle.of(model, model, board, facts={})
    bundle.save(folder / SERVING)
    bundle.save(folder / MEASURED)
    return folder


def register(registry: Registry, artifacts: Path) -> Version:
    run_id = registry.log_run(
        "als", parameters={"factors": 2}, metrics={"returning/ndcg@10": 0.25}, tags={}, artifacts=artifacts
    )
    return registry.register(run_id, algorithm="als", dataset="abc", now=NOW)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose name an address has to quote."""
    folder = tmp_path_factory.mktemp("data") / "my films ü"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def registry(data: Path) -> Registry:
    """MLflow takes seconds to make its tables, so that these tests share one and run in order."""
    return Registry(data)


def test_there_is_no_version_at_first(registry: Registry) -> None:
    assert registry.production() is None
    assert registry.versions() == []
    with pytest.raises(NotFound, match="none yet"):
        registry.version("1")


def test_a_registered_version_is_staging_and_loads(registry: Registry, artifacts: Path) -> None:
    version = register(registry, artifacts)
    assert (version.number, version.stage, version.algorithm, version.dataset) == (
        "1",
        Stage.STAGING,
        "als",
        "abc",
    )
    assert Bundle.load(version.serving_folder()).movie_ids.tolist() == list(range(1, 21))


def test_promotion_archives_the_one_before(registry: Registry, artifacts: Path) -> None:
    registry.promote("1")
    second = register(registry, artifacts)
    assert registry.production().number == "1"  # type: ignore[union-attr]
    assert registry.promote(second.number).stage is Stage.PRODUCTION
    assert registry.production().number == second.number  # type: ignore[union-attr]
    assert [version.stage for version in registry.versions()] == [Stage.PRODUCTION, Stage.ARCHIVED]


def test_an_altered_manifest_is_refused(registry: Registry, artifacts: Path) -> None:
    version = register(registry, artifacts)
    manifest = version.folder / SERVING / "bundle.json"
    manifest.write_text(manifest.read_text() + " ")
    with pytest.raises(Invalid, match="not what was registered"):
        version.serving_folder()
    manifest.unlink()
    with pytest.raises(Invalid, match="lost its files"):
        version.serving_folder()


def test_a_moved_data_folder_still_serves_and_takes_new_runs(
    registry: Registry, data: Path, artifacts: Path
) -> None:
    moved = data.with_name("moved")
    data.rename(moved)
    there = Registry(moved)
    assert there.production() is not None
    Bundle.load(there.production().serving_folder())  # type: ignore[union-attr]
    version = register(there, artifacts)
    assert version.folder.is_relative_to(moved)
    Bundle.load(version.serving_folder())


def test_production_is_known_without_mlflow_until_somebody_writes(
    registry: Registry, data: Path, artifacts: Path
) -> None:
    there = Registry(data.with_name("moved"))
    remembered = production(data.with_name("moved"))
    assert remembered == there.production()
    newer = register(there, artifacts)
    assert production(data.with_name("moved")) == there.production() == remembered
    # As another program would do it: past `promote`, so that no note is taken.
    there._client.set_registered_model_alias("movieapp", "production", newer.number)
    assert production(data.with_name("moved")).number == newer.number  # type: ignore[union-attr]
    (data.with_name("moved") / "production.json").write_text("{")
    assert production(data.with_name("moved")).number == newer.number  # type: ignore[union-attr]


def test_a_broken_registry_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"this is no SQLite database" * 100)
    with pytest.raises(NotReady, match="cannot be read"):
        production(tmp_path)


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """A registry of its own for the life of versions; these tests run in order."""
    return Registry(with_registry(tmp_path_factory.mktemp("stages")))


def numbers(registry: Registry) -> dict[str, str]:
    """Return the stage of each version."""
    return {version.number: version.stage.value for version in registry.versions()}


def test_a_new_version_in_staging_archives_the_one_that_waited(stages: Registry, artifacts: Path) -> None:
    for _ in range(3):
        register(stages, artifacts)
    assert numbers(stages) == {"3": "staging", "2": "archived", "1": "archived"}
    assert stages.version("1").created_at == NOW


def test_rolling_back_goes_to_the_version_before_and_further(stages: Registry) -> None:
    with pytest.raises(NotFound, match="No version served before"):
        stages.roll_back()
    for number in ("1", "2", "3"):
        stages.promote(number)
    assert stages.previous().number == "2"  # type: ignore[union-attr]
    assert stages.roll_back().number == "2"
    assert numbers(stages) == {"3": "archived", "2": "production", "1": "archived"}
    assert stages.roll_back().number == "1"
    assert stages.previous() is None


def test_what_a_killed_process_left_is_put_right(stages: Registry, artifacts: Path) -> None:
    client, data = stages._client, stages._data
    # Killed between the step that counts and the tags beside the versions.
    client.set_registered_model_alias("movieapp", "production", "3")
    client.set_registered_model_alias("movieapp", "staging", "3")
    # Killed while a bundle was copied into its run, and before a finished run became a version.
    dead = client.create_run(stages._experiment, run_name="dead").info.run_id
    client.log_artifacts(dead, str(artifacts))
    orphan = stages.log_run("orphan", parameters={}, metrics={}, tags={}, artifacts=artifacts)
    report = stages.log_run("report", parameters={}, metrics={}, tags={}, artifacts=artifacts / SERVING)
    (data / "bundles.new" / "half").mkdir(parents=True)

    assert numbers(stages) == {"3": "production", "2": "archived", "1": "archived"}
    done = stages.tidy()
    assert len(done) == 5
    assert client.get_model_version("movieapp", "3").tags["stage"] == "production"
    assert client.get_model_version("movieapp", "1").tags["stage"] == "archived"
    assert "staging" not in client.get_registered_model("movieapp").aliases
    assert client.get_run(dead).info.status == "KILLED"
    for run_id, is_there in ((dead, False), (orphan, False), (report, True)):
        assert (data / "artifacts" / run_id / "artifacts").is_dir() is is_there
    assert not (data / "bundles.new").exists()
    assert stages.tidy() == []
    for version in stages.versions():
        Bundle.load(version.serving_folder())
        Bundle.load(version.measured_folder())


def test_discarded_files_are_missed_in_a_sentence_and_what_serves_is_kept(stages: Registry) -> None:
    stages.discard(stages.version("1"))
    version = stages.version("1")
    assert version.is_pruned
    assert not version.folder.exists()
    with pytest.raises(Invalid, match="removed to save space"):
        version.serving_folder()
    with pytest.raises(Conflict, match="is in production"):
        stages.discard(stages.version("3"))


def test_a_decision_stays_with_its_version_and_its_run(stages: Registry) -> None:
    version = stages.version("3")
    assert stages.noted_decision("3") is None
    record = {"is_promoted": True, "reasoning": "It is better. " * 2_000}
    stages.note_decision(version, record=record, metrics={"gate/ndcg@10/after": 0.5})
    assert stages.noted_decision("3") == record
    run = stages._client.get_run(version.run_id)
    assert run.data.metrics["gate/ndcg_at_10/after"] == 0.5
    assert run.data.tags["promoted"] == "true"
    assert record["reasoning"].startswith(run.data.tags["reasoning"])  # type: ignore[attr-defined]
