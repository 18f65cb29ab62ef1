"""Start movieapp: `uv run launcher.py` serves; `uv run launcher.py --help` lists the commands."""

import contextlib
import logging
import os
import sys

# Set before numpy is first imported: implicit and FAISS bring threads of their own, and BLAS threads
# beside them make both slower. MLflow reads its switches at import, too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Threads of LightGBM that wait for each other sleep; turning around, they would take the processor from
# whoever is being served, and from each other.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

from movieapp.cli import main

if __name__ == "__main__":
    code = main()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    # Everything is written and closed by now. DuckDB would complain over 50 lines about what Python still
    # holds of it when it ends.
    os._exit(code)
