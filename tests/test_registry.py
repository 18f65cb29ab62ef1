"""The registry: versions, stages, a moved folder, a broken file."""

from pathlib import Path

import pytest

from movieapp.errors import Invalid, NotFound, NotReady
from movieapp.models.als import ALS
from movieapp.models.bundle import Bundle
from movieapp.registry import MEASURED, SERVING, Registry, Stage, Version, production
from tests.checkerboard import checkerboard


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
    return registry.register(run_id, algorithm="als", dataset="abc")


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
