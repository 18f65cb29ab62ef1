"""Runs and versions, and which of them serves."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse
from urllib.request import url2pathname

from movieapp.errors import Conflict, NotFound
from movieapp.models.bundle import MANIFEST
from movieapp.registry.opening import MODEL, open_mlflow
from movieapp.registry.remembered import recalled, remember
from movieapp.registry.versions import MEASURED, SERVING, Stage, Version, checksum_of, stage_of

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

# Bundles on their way into a run; what a killed training left here is no use to anybody.
SCRATCH = "bundles.new"
# MLflow refuses longer texts with a run.
LONGEST_TAG = 8_000


class Registry:
    """Runs and versions in `<data>/mlflow.db`, artifacts in `<data>/artifacts`.

    Opening takes seconds the first time (MLflow makes its tables), so do it off the event loop.
    Everything raises `NotReady` with a sentence when the registry cannot be read.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._client, self._experiment = open_mlflow(data)

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
                "checksum": checksum_of(folder / SERVING / MANIFEST),
                "measured_checksum": checksum_of(folder / MEASURED / MANIFEST),
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
        remember(self._data, version)
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
        remember(self._data, version)
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
            stage=stage_of(str(found.version), tags.get("stage"), pointers),
            algorithm=tags["algorithm"],
            created_at=datetime.fromisoformat(tags["created_at"]) if "created_at" in tags else created,
            folder=self._data / tags["path"],
            checksum=tags["checksum"],
            measured_checksum=tags.get("measured_checksum", ""),
            dataset=tags["dataset"],
            replaced=tags.get("replaced"),
            is_pruned="pruned" in tags,
        )


def production(data: Path) -> Version | None:
    """Return the version that serves, without opening MLflow where nothing has changed since it was asked."""
    return recalled(data) or Registry(data).production()


def flat(figures: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Return `{"returning/ndcg@10": value, ...}` from estimates by slice and metric."""
    return {
        f"{slice_}/{name}": estimate.value
        for slice_, estimates in figures.items()
        for name, estimate in estimates.items()
    }


def _metric_name(name: str) -> str:
    # MLflow takes no "@" in names.
    return name.replace("@", "_at_")
