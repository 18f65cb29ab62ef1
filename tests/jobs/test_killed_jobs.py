"""kill -9 in the middle of a retraining; `python -m tests.benchmarks.kills` does it at 20 random moments."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.launcher import Launched
from tests.jobs.killing import check, retrain, wait_for_stage


@pytest.mark.parametrize("stage", ["comparing"])
def test_the_live_model_is_what_it_was_and_nothing_is_left_half_done(
    tiny_instance: Path, tmp_path: Path, stage: str
) -> None:
    data = Path(shutil.copytree(tiny_instance, tmp_path / "data"))
    with Launched(data) as app:
        assert app.wait_for("ok")["live_version"] == "1"
        run_id = retrain(app, rating=4.5)
        wait_for_stage(app, stage)
        app.kill()
    check(data, run_id=run_id, rating=4.5, served_before="1")
