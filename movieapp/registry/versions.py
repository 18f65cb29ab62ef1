"""A version: what was registered of it, where it stands, and where its files are."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from movieapp.errors import Invalid
from movieapp.models.bundle import MANIFEST

# The two fits of a version, as folders of its artifacts.
SERVING = "serving"
MEASURED = "measured"


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
        if checksum_of(manifest) != checksum:
            raise Invalid(f"{manifest} is not what was registered. Train again: launcher.py train.")
        return folder


def stage_of(number: str, tag: str | None, pointers: Mapping[str, str]) -> Stage:
    """Return where a version stands, from its tag and what the aliases point at."""
    for stage in (Stage.PRODUCTION, Stage.STAGING):
        if pointers.get(stage) == number:
            return stage
    return Stage.NONE if tag == Stage.NONE else Stage.ARCHIVED


def checksum_of(manifest: Path) -> str:
    """Return what tells whether the manifest of a fit is the one that was registered."""
    return hashlib.sha256(manifest.read_bytes()).hexdigest()
