"""Opening MLflow in a data folder, without its server."""

import logging
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from movieapp.errors import NotReady
from movieapp.registry.remembered import DATABASE

if TYPE_CHECKING:
    from mlflow import MlflowClient

log = logging.getLogger(__name__)

MODEL = "movieapp"


def open_mlflow(data: Path) -> "tuple[MlflowClient, str]":
    """Return a client and the id of the experiment; refuses with `NotReady` what cannot be read."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    with warnings.catch_warnings():
        # MLflow's own use of SQLAlchemy and pydantic is behind theirs; nothing that a reader could act on.
        warnings.simplefilter("ignore")
        from mlflow import MlflowClient

        for noisy in ("mlflow", "alembic"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        address = f"sqlite:///{data.resolve() / DATABASE}"
        try:
            client = MlflowClient(tracking_uri=address, registry_uri=address)
            experiment = _experiment(client, (data.resolve() / "artifacts").as_uri())
            if not client.search_registered_models(f"name='{MODEL}'"):
                client.create_registered_model(MODEL)
        # MLflow lets errors of SQLAlchemy, Alembic and SQLite through as they come.
        except Exception as error:
            log.debug("registry", exc_info=error)
            raise NotReady(
                f"The model registry {data / DATABASE} cannot be read. "
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
