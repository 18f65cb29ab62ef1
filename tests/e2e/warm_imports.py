"""What a launcher imports, imported once by the process that launchers are forked from: the app, and MLflow,
which it imports when it opens the registry.
"""

import gc
import os
import warnings

gc.disable()
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import mlflow.store.tracking.sqlalchemy_store  # noqa: F401

    import movieapp.app  # noqa: F401
gc.freeze()
gc.enable()
