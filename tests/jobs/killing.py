"""A launcher that is killed in the middle of a retraining, and what has to hold at its next start."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from movieapp.database import Database
from movieapp.registry import Registry, Stage
from tests.e2e.launcher import Launched

USER, PATIENCE_S = 9001, 180


def retrain(app: Launched, *, rating: float) -> str:
    """Give a rating, so that there is something new, and start a training; return the run's id."""
    kept = app.client.put(f"/users/{USER}/ratings/2", json={"rating": rating})
    assert kept.status_code == 200, kept.text
    started = app.client.post("/jobs/retrain")
    assert started.status_code == 202, started.text
    return str(started.json()["run_id"])


def job(app: Launched) -> dict[str, Any]:
    """Return what `GET /jobs` says of the training."""
    jobs: list[dict[str, Any]] = app.client.get("/jobs").json()["jobs"]
    return next(one for one in jobs if one["name"] == "retrain")


def wait_for_stage(app: Launched, stage: str) -> None:
    """Wait until the training is at a stage, or past it."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        running = job(app)["running"]
        if running is None or running["stage"].startswith(stage):
            return
        time.sleep(0.01)
    raise AssertionError(f"{stage} never came")


def check(data: Path, *, run_id: str, rating: float, served_before: str, is_warm: bool = False) -> str:
    """Start again and check everything that was promised; return the version that serves."""
    with Launched(data, is_warm=is_warm) as app:
        health = app.wait_for("ok", timeout_s=PATIENCE_S)
        stars = app.client.get(f"/users/{USER}/ratings").json()["ratings"][0]["rating"]
        assert stars == rating, "an acknowledged rating is gone"
        (run,) = [run for run in job(app)["runs"] if run["run_id"] == run_id]
        assert run["outcome"] in ("interrupted", "done"), run
        answer = app.client.post("/recommend", json={"user_id": 3}).json()
        assert answer["model_version"] == health["live_version"]
        assert not app.client.post("/recommend", json={"user_id": USER}).json()["is_fallback"]
        served = str(health["live_version"])
        # Cleaning up takes place while the app serves already; stopping waits for it.
        wait_for_order(app, data)
        assert app.stop() == 0
    check_registry(data, served=served)
    if run["outcome"] == "interrupted":
        assert served == served_before or decided(data, served)["is_promoted"]
    return served


def wait_for_order(app: Launched, data: Path) -> None:
    """Let the app finish what it puts right after its start."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and job(app)["next_run_at"] is None:
        time.sleep(0.05)


def check_registry(data: Path, *, served: str) -> None:
    """One version is in production, and every other is archived, or waits with a decision about it."""
    stages = {version.number: version.stage for version in Registry(data).versions()}
    assert [number for number, stage in stages.items() if stage is Stage.PRODUCTION] == [served]
    waiting = [number for number, stage in stages.items() if stage is Stage.STAGING]
    assert all(not decided(data, number)["is_promoted"] for number in waiting)
    assert Stage.NONE not in stages.values()
    assert not list((data / "bundles.new").glob("*"))


def decided(data: Path, version: str) -> dict[str, Any]:
    """Return the newest decision about a version."""
    database = Database(data / "movieapp.duckdb")
    try:
        decisions = database.read("monitoring/decisions", until=datetime(2100, 1, 1))
    finally:
        database.close()
    return decisions.filter(pl.col("challenger") == version).row(0, named=True)
