"""kill -9 at random moments of a retraining: `uv run python -m tests.benchmarks.kills [N]`, 20 by default.

Takes some minutes. Afterwards every acknowledged rating has to be there and the run has to be marked; the
version that serves has to be the one from before, unless the decision for another had taken effect, and no
version may be left half registered.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.launcher import Launched
from tests.jobs.killing import check, job, retrain


def main(n_kills: int, *, seed: int = 1) -> None:
    """Kill a training so often, each time on what the one before has left."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with Launched(data) as app:
            served = str(app.wait_for("ok", timeout_s=300)["live_version"])
            began = time.monotonic()
            retrain(app, rating=0.5)
            while job(app)["runs"][0]["outcome"] is None:
                time.sleep(0.05)
            took_s = time.monotonic() - began
        print(f"a retraining takes {took_s:.1f} s; version {served} serves")
        for number in range(n_kills):
            rating = 1 + number % 8 / 2
            moment_s = chance.uniform(0, took_s)
            with Launched(data) as app:
                served = str(app.wait_for("ok", timeout_s=300)["live_version"])
                run_id = retrain(app, rating=rating)
                time.sleep(moment_s)
                stage = (job(app)["running"] or {}).get("stage", "over")
                app.kill()
            serves = check(data, run_id=run_id, rating=rating, served_before=served)
            print(f"{number + 1}: killed after {moment_s:.1f} s ({stage}): version {served}, now {serves}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
