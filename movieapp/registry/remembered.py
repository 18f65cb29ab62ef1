"""A note of the version in production, so that a start need not wait for MLflow."""

import json
import logging
from datetime import datetime
from pathlib import Path

from movieapp.registry.versions import Stage, Version

log = logging.getLogger(__name__)

# Believed while the registry's file is what it was.
REMEMBERED = "production.json"
DATABASE = "mlflow.db"


def has_registry(data: Path) -> bool:
    """Tell whether a registry was ever opened in this data folder, without opening it."""
    return (data / DATABASE).exists()


def recalled(data: Path) -> Version | None:
    """Return the version in production as it was noted; None if the registry may have changed since."""
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
    return None


def remember(data: Path, version: Version) -> None:
    """Note the version in production."""
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
    file = (data / DATABASE).stat()
    return [file.st_mtime_ns, file.st_size]
