"""MLflow, kept in the data folder without its server: runs, versions, and which of them serves."""

import hashlib
import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse
from urllib.request import url2pathname

from movieapp.errors import Conflict, Invalid, NotFound, NotReady
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
# Bundles on their way into a run; what a killed training left here is no use to anybody.
SCRATCH = "bundles.new"
# MLflow refuses longer texts with a run.
LONGEST_TAG = 8_000


class Stage(StrEnum):
    """Where a version stands; the aliases `staging` and `production` point at one version each.

    The aliases decide, because moving one is a single step; the tag beside a version follows them.
    """

    # Registered, and not yet in staging: only a training that was killed leaves such a version behind.
    NONE = "none"
    STAGING = "staging"
    PRODUCTION = "production"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Version:
    """A registered version. `folder` holds its fits, unless they were pruned; `checksum` and
    `measured_checksum` are those of their manifests, `dataset` that of the release it was trained on.
    `replaced` is the version that served before this one was promoted.
    """

    number: str
    run_id: str
    stage: Stage
    algorithm: str
    created_at: datetime
    folder: Path
    checksum: str
    measured_checksum: str
    dataset: str
    replaced: str | None = None
    is_pruned: bool = False

    def serving_folder(self) -> Path:
        """Return where the serving fit is, once its manifest is what was registered."""
        return self._checked(SERVING, self.checksum)

    def measured_folder(self) -> Path:
        """Return where the measured fit is, once its manifest is what was registered."""
        return self._checked(MEASURED, self.measured_checksum)

    def _checked(self, fit: str, checksum: str) -> Path:
        folder = self.folder / fit
        manifest = folder / MANIFEST
        if self.is_pruned:
            raise Invalid(
                f"The files of version {self.number} were removed to save space. "
                "Train again: launcher.py train."
            )
        if not manifest.is_file():
            raise Invalid(
                f"Version {self.number} has lost its files ({folder}). Train again: launcher.py train."
            )
        if _checksum(manifest) != checksum:
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

    def register(self, run_id: str, *, algorithm: str, dataset: str, now: datetime) -> Version:
        """Make the artifacts of a run a version in staging; the one that waited there is archived.

        The run holds `serving/` and `measured/`.
        """
        source = self._client.get_run(run_id).info.artifact_uri
        folder = Path(url2pathname(urlparse(source).path))
        created = self._client.create_model_version(
            MODEL,
            source=source,
            run_id=run_id,
            tags={
                "stage": Stage.NONE,
                "algorithm": algorithm,
                # MLflow stores absolute addresses; the relative path survives a move of the data folder.
                "path": folder.relative_to(self._data.resolve()).as_posix(),
                "dataset": dataset,
                "checksum": _checksum(folder / SERVING / MANIFEST),
                "measured_checksum": _checksum(folder / MEASURED / MANIFEST),
                # MLflow's own instant is that of the computer's clock.
                "created_at": now.isoformat(),
            },
        )
        self._point(Stage.STAGING, str(created.version))
        return self.version(str(created.version))

    def promote(self, number: str) -> Version:
        """Make a version production; the one before is archived, and is where `roll_back` goes."""
        before = self.production()
        if before is not None and before.number != number:
            self._tag(number, "replaced", before.number)
        return self._serve(number)

    def previous(self) -> Version | None:
        """Return the version that served before the one in production was promoted."""
        serving = self.production()
        return None if serving is None or serving.replaced is None else self.version(serving.replaced)

    def roll_back(self) -> Version:
        """Make the previous production version production again."""
        previous = self.previous()
        if previous is None:
            raise NotFound(
                "No version served before the one in production. "
                f"Choose one with: launcher.py promote VERSION; the registry has: {self._numbers()}."
            )
        return self._serve(previous.number)

    def production(self) -> Version | None:
        """Return the version that serves, or None while there is none."""
        number = self._pointers().get(Stage.PRODUCTION)
        if number is None:
            return None
        version = self.version(number)
        _remember(self._data, version)
        return version

    def version(self, number: str) -> Version:
        """Return one version by its number."""
        from mlflow.exceptions import MlflowException

        try:
            return self._version(self._client.get_model_version(MODEL, number), self._pointers())
        except MlflowException as error:
            raise NotFound(f"There is no version {number}; the registry has: {self._numbers()}.") from error

    def versions(self) -> list[Version]:
        """Return all versions, newest first."""
        found = self._client.search_model_versions(f"name='{MODEL}'")
        # What is found this way does not say which alias points at it.
        pointers = self._pointers()
        versions = [self._version(one, pointers) for one in found]
        return sorted(versions, key=lambda version: int(version.number), reverse=True)

    def note_decision(
        self, version: Version, *, record: Mapping[str, object], metrics: Mapping[str, float]
    ) -> None:
        """Keep a decision with its version and its run, the reasoning where MLflow shows it."""
        from mlflow.entities import Metric, RunTag

        reasoning = str(record["reasoning"])
        self._tag(version.number, "decision", json.dumps(record))
        self._client.update_model_version(MODEL, version.number, description=reasoning)
        now = int(datetime.now(UTC).timestamp() * 1000)
        self._client.log_batch(
            version.run_id,
            metrics=[Metric(_metric_name(key), value, now, 0) for key, value in metrics.items()],
            tags=[
                RunTag("promoted", str(record["is_promoted"]).lower()),
                RunTag("reasoning", reasoning[:LONGEST_TAG]),
            ],
        )

    def noted_decision(self, number: str) -> dict[str, Any] | None:
        """Return the record that `note_decision` kept last with this version."""
        text = self._client.get_model_version(MODEL, number).tags.get("decision")
        return None if text is None else dict(json.loads(text))

    def archive(self, number: str) -> None:
        """Take a version out of staging, or out of nowhere; production stays what it is."""
        self._leave_staging(number)
        self._tag(number, "stage", Stage.ARCHIVED)

    def discard(self, version: Version) -> None:
        """Delete a version's files for good. Its figures and its history stay."""
        stage = self.version(version.number).stage
        if stage in (Stage.PRODUCTION, Stage.STAGING):
            raise Conflict(f"Version {version.number} is in {stage}, so its files stay.")
        self._tag(version.number, "pruned", "true")
        shutil.rmtree(version.folder, ignore_errors=True)

    def tidy(self) -> list[str]:
        """Put right what a killed process left half done; return what was done, as sentences.

        Only for when nobody trains. Tags follow the aliases, runs that never ended are marked as killed, and
        bundles of no version are deleted.
        """
        versions = self.versions()
        done = []
        for version in versions:
            if version.stage is Stage.PRODUCTION:
                self._leave_staging(version.number)
            if self._client.get_model_version(MODEL, version.number).tags.get("stage") != version.stage:
                self._tag(version.number, "stage", version.stage)
                done.append(f"Version {version.number} is marked as {version.stage} again.")
        for run in self._client.search_runs([self._experiment], "attributes.status = 'RUNNING'"):
            self._client.set_terminated(run.info.run_id, status="KILLED")
            done.append(f"The run {run.info.run_name!r} never ended and is marked as killed.")
        kept = {version.folder for version in versions if not version.is_pruned}
        for folder in sorted((self._data / "artifacts").glob("*/artifacts")):
            if folder not in kept and any((folder / fit).is_dir() for fit in (SERVING, MEASURED)):
                shutil.rmtree(folder, ignore_errors=True)
                done.append(f"{folder} belonged to no version and is deleted.")
        shutil.rmtree(self._data / SCRATCH, ignore_errors=True)
        return done

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give a folder for bundles on their way into a run; gone afterwards, or with the next `tidy`."""
        parent = self._data / SCRATCH
        parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=parent) as folder:
            yield Path(folder)

    def _serve(self, number: str) -> Version:
        """Let the alias point at a version: the one step that counts; the rest is order."""
        self._point(Stage.PRODUCTION, number)
        self._leave_staging(number)
        version = self.version(number)
        _remember(self._data, version)
        return version

    def _leave_staging(self, number: str) -> None:
        if self._pointers().get(Stage.STAGING) == number:
            self._client.delete_registered_model_alias(MODEL, Stage.STAGING)

    def _point(self, stage: Stage, number: str) -> None:
        before = self._pointers().get(stage)
        self._client.set_registered_model_alias(MODEL, stage, number)
        self._tag(number, "stage", stage)
        if before not in (None, number):
            self._tag(before, "stage", Stage.ARCHIVED)

    def _tag(self, number: str, key: str, value: str) -> None:
        self._client.set_model_version_tag(MODEL, number, key, value)

    def _numbers(self) -> str:
        return ", ".join(version.number for version in self.versions()) or "none yet"

    def _pointers(self) -> dict[str, str]:
        """Return the number of the version that each alias points at."""
        aliases = self._client.get_registered_model(MODEL).aliases
        return {alias: str(number) for alias, number in aliases.items()}

    def _version(self, found: "ModelVersion", pointers: Mapping[str, str]) -> Version:
        tags = found.tags
        created = datetime.fromtimestamp(found.creation_timestamp / 1000, UTC)
        return Version(
            number=str(found.version),
            run_id=found.run_id,
            stage=_stage(str(found.version), tags.get("stage"), pointers),
            algorithm=tags["algorithm"],
            created_at=datetime.fromisoformat(tags["created_at"]) if "created_at" in tags else created,
            folder=self._data / tags["path"],
            checksum=tags["checksum"],
            measured_checksum=tags.get("measured_checksum", ""),
            dataset=tags["dataset"],
            replaced=tags.get("replaced"),
            is_pruned="pruned" in tags,
        )


def _stage(number: str, tag: str | None, pointers: Mapping[str, str]) -> Stage:
    for stage in (Stage.PRODUCTION, Stage.STAGING):
        if pointers.get(stage) == number:
            return stage
    return Stage.NONE if tag == Stage.NONE else Stage.ARCHIVED


def _checksum(manifest: Path) -> str:
    return hashlib.sha256(manifest.read_bytes()).hexdigest()


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
                measured_checksum=note["measured_checksum"],
                dataset=note["dataset"],
                replaced=note["replaced"],
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
        "measured_checksum": version.measured_checksum,
        "dataset": version.dataset,
        "replaced": version.replaced,
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
