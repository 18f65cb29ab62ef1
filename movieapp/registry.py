"""MLflow, kept in the data folder without its server: runs, versions, and which of them serves."""

import hashlib
import json
import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse
from urllib.request import url2pathname

from movieapp.errors import Invalid, NotFound, NotReady
from movieapp.models.bundle import MANIFEST

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

log = logging.getLogger(__name__)

MODEL = "movieapp"
# The two fits of a version, as folders of its artifacts.
SERVING = "serving"
MEASURED = "measured"
# What the registry said last, so that a start need not wait for MLflow; believed while its file is unchanged.
REMEMBERED = "production.json"


class Stage(StrEnum):
    """Where a version stands; the aliases `staging` and `production` point at one version each."""

    NONE = "none"
    STAGING = "staging"
    PRODUCTION = "production"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Version:
    """A registered version. `folder` holds its fits; `checksum` is that of the serving fit's manifest,
    `dataset` that of the release it was trained on.
    """

    number: str
    run_id: str
    stage: Stage
    algorithm: str
    created_at: datetime
    folder: Path
    checksum: str
    dataset: str

    def serving_folder(self) -> Path:
        """Return where the serving fit is, once its manifest is what was registered."""
        folder = self.folder / SERVING
        manifest = folder / MANIFEST
        if not manifest.is_file():
            raise Invalid(
                f"Version {self.number} has lost its files ({folder}). Train again: launcher.py train."
            )
        if hashlib.sha256(manifest.read_bytes()).hexdigest() != self.checksum:
            raise Invalid(f"{manifest} is not what was registered. Train again: launcher.py train.")
        return folder


class Registry:
    """Runs and versions in `<data>/mlflow.db`, artifacts in `<data>/artifacts`.

    Opening takes seconds the first time (MLflow makes its tables), so do it off the event loop.
    Everything raises `NotReady` with a sentence when the registry cannot be read.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._client, self._experiment = _open(data)

    def log_run(
        self,
        name: str,
        *,
        parameters: Mapping[str, object],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
        artifacts: Path | None = None,
    ) -> str:
        """Record one training and the files in `artifacts`; return the run's id."""
        from mlflow.entities import Metric, Param

        run = self._client.create_run(self._experiment, run_name=name, tags=dict(tags))
        run_id: str = run.info.run_id
        now = int(run.info.start_time)
        self._client.log_batch(
            run_id,
            metrics=[Metric(_metric_name(key), value, now, 0) for key, value in metrics.items()],
            params=[Param(key, str(value)) for key, value in parameters.items()],
        )
        if artifacts is not None:
            self._client.log_artifacts(run_id, str(artifacts))
        self._client.set_terminated(run_id)
        return run_id

    def register(self, run_id: str, *, algorithm: str, dataset: str) -> Version:
        """Make the artifacts of a run a version in staging. The run holds `serving/` and `measured/`."""
        source = self._client.get_run(run_id).info.artifact_uri
        folder = Path(url2pathname(urlparse(source).path))
        manifest = (folder / SERVING / MANIFEST).read_bytes()
        created = self._client.create_model_version(
            MODEL,
            source=source,
            run_id=run_id,
            tags={
                "stage": Stage.STAGING,
                "algorithm": algorithm,
                # MLflow stores absolute addresses; the relative path survives a move of the data folder.
                "path": folder.relative_to(self._data.resolve()).as_posix(),
                "dataset": dataset,
                "checksum": hashlib.sha256(manifest).hexdigest(),
            },
        )
        self._client.set_registered_model_alias(MODEL, Stage.STAGING, created.version)
        return self.version(str(created.version))

    def promote(self, number: str) -> Version:
        """Make a version production; the one before is archived."""
        before = self.production()
        if before is not None and before.number != number:
            self._client.set_model_version_tag(MODEL, before.number, "stage", Stage.ARCHIVED)
        self._client.set_registered_model_alias(MODEL, Stage.PRODUCTION, number)
        self._client.set_model_version_tag(MODEL, number, "stage", Stage.PRODUCTION)
        staged = self._alias(Stage.STAGING)
        if staged is not None and str(staged.version) == number:
            self._client.delete_registered_model_alias(MODEL, Stage.STAGING)
        version = self.version(number)
        _remember(self._data, version)
        return version

    def production(self) -> Version | None:
        """Return the version that serves, or None while there is none."""
        found = self._alias(Stage.PRODUCTION)
        version = None if found is None else self._version(found)
        if version is not None:
            _remember(self._data, version)
        return version

    def version(self, number: str) -> Version:
        """Return one version by its number."""
        from mlflow.exceptions import MlflowException

        try:
            return self._version(self._client.get_model_version(MODEL, number))
        except MlflowException as error:
            raise NotFound(f"There is no version {number}; the registry has: {self._numbers()}.") from error

    def versions(self) -> list[Version]:
        """Return all versions, newest first."""
        found = self._client.search_model_versions(f"name='{MODEL}'")
        return sorted(map(self._version, found), key=lambda version: int(version.number), reverse=True)

    def _numbers(self) -> str:
        return ", ".join(version.number for version in self.versions()) or "none yet"

    def _alias(self, alias: str) -> "ModelVersion | None":
        pointers = self._client.get_registered_model(MODEL).aliases
        return self._client.get_model_version(MODEL, pointers[alias]) if alias in pointers else None

    def _version(self, found: "ModelVersion") -> Version:
        return Version(
            number=str(found.version),
            run_id=found.run_id,
            stage=Stage(found.tags.get("stage", Stage.NONE)),
            algorithm=found.tags["algorithm"],
            created_at=datetime.fromtimestamp(found.creation_timestamp / 1000, UTC),
            folder=self._data / found.tags["path"],
            checksum=found.tags["checksum"],
            dataset=found.tags["dataset"],
        )


def production(data: Path) -> Version | None:
    """Return the version that serves, without opening MLflow where nothing has changed since it was asked."""
    try:
        note = json.loads((data / REMEMBERED).read_text(encoding="utf-8"))
        if note["registry"] == _mark(data):
            return Version(
                number=note["number"],
                run_id=note["run_id"],
                stage=Stage.PRODUCTION,
                algorithm=note["algorithm"],
                created_at=datetime.fromisoformat(note["created_at"]),
                folder=data / note["folder"],
                checksum=note["checksum"],
                dataset=note["dataset"],
            )
    except (OSError, ValueError, KeyError, TypeError):
        log.debug("no usable note of the production version")
    return Registry(data).production()


def _remember(data: Path, version: Version) -> None:
    note = {
        "registry": _mark(data),
        "number": version.number,
        "run_id": version.run_id,
        "algorithm": version.algorithm,
        "created_at": version.created_at.isoformat(),
        "folder": version.folder.relative_to(data).as_posix(),
        "checksum": version.checksum,
        "dataset": version.dataset,
    }
    aside = data / f"{REMEMBERED}.new"
    aside.write_text(json.dumps(note, indent=1), encoding="utf-8")
    aside.replace(data / REMEMBERED)


def _mark(data: Path) -> list[int]:
    """Return what changes when anybody writes to the registry."""
    file = (data / "mlflow.db").stat()
    return [file.st_mtime_ns, file.st_size]


def has_registry(data: Path) -> bool:
    """Tell whether a registry was ever opened in this data folder, without opening it."""
    return (data / "mlflow.db").exists()


def _open(data: Path) -> "tuple[MlflowClient, str]":
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    with warnings.catch_warnings():
        # MLflow's own use of SQLAlchemy and pydantic is behind theirs; nothing that a reader could act on.
        warnings.simplefilter("ignore")
        from mlflow import MlflowClient

        for noisy in ("mlflow", "alembic"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        address = f"sqlite:///{data.resolve() / 'mlflow.db'}"
        try:
            client = MlflowClient(tracking_uri=address, registry_uri=address)
            experiment = _experiment(client, (data.resolve() / "artifacts").as_uri())
            if not client.search_registered_models(f"name='{MODEL}'"):
                client.create_registered_model(MODEL)
        # MLflow lets errors of SQLAlchemy, Alembic and SQLite through as they come.
        except Exception as error:
            log.debug("registry", exc_info=error)
            raise NotReady(
                f"The model registry {data / 'mlflow.db'} cannot be read. "
                "Move it away and restart: a new model is trained. Your ratings are not touched."
            ) from error
    return client, experiment


def _experiment(client: "MlflowClient", artifacts: str) -> str:
    """Return the experiment whose artifacts lie here; a moved data folder gets one of its own."""
    experiments = client.search_experiments()
    for experiment in experiments:
        if experiment.artifact_location == artifacts:
            return str(experiment.experiment_id)
    names = {experiment.name for experiment in experiments}
    name = next(name for n in range(1, len(names) + 2) if (name := f"{MODEL} {n}") not in names)
    return str(client.create_experiment(name, artifact_location=artifacts))


def _metric_name(name: str) -> str:
    # MLflow takes no "@" in names.
    return name.replace("@", "_at_")


def flat(figures: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Return `{"returning/ndcg@10": value, ...}` from estimates by slice and metric."""
    return {
        f"{slice_}/{name}": estimate.value
        for slice_, estimates in figures.items()
        for name, estimate in estimates.items()
    }
