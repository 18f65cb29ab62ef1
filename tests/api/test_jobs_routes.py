"""The jobs over HTTP: seen, started, cancelled, and protected like every other write."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from movieapp.api.app import build_api
from movieapp.api.jobs import AcceptedShown, JobsShown
from movieapp.jobs.background import Jobs
from movieapp.jobs.table import Job
from movieapp.jobs.work import Terms, Workplace
from tests.api.api_app import App, build
from tests.jobs.held import Held, wait_until

TODAY = datetime.now(UTC)


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def client(empty: App, held: Held, tmp_path: Path) -> Iterator[TestClient]:
    """A client of an app with two jobs, of which the first goes on until it is let go."""
    done = Held()
    done.may_end.set()
    table = {
        "retrain": Job("retrain", "Trains.", held, trains=True),
        "replay": Job("replay", "Replays.", done),
    }
    jobs = Jobs(
        Workplace(empty.database, tmp_path, Terms(seed=3)),
        status=empty.status,
        times=dict.fromkeys(table, timedelta(days=1)),
        clock=lambda: TODAY,
        table=table,
    )
    empty.status.ready()
    api = build_api(
        recommender=empty.recommender,
        profiles=empty.profiles,
        status=empty.status,
        log=empty.log,
        database=empty.database,
        jobs=jobs,
        clock=lambda: TODAY,
    )
    jobs.open(lambda _progress, _was_interrupted: None)
    yield TestClient(api, base_url="http://127.0.0.1:8080", raise_server_exceptions=False)
    jobs.close()


def test_a_job_is_started_looked_at_and_cancelled(client: TestClient, held: Held) -> None:
    started = client.post("/jobs/retrain")
    assert started.status_code == 202
    accepted = AcceptedShown.model_validate(started.json(), extra="forbid")
    assert accepted.job == "retrain"
    held.wait_for_it()
    listed = JobsShown.model_validate(client.get("/jobs").json(), extra="forbid")
    assert [job.name for job in listed.jobs] == ["retrain", "replay"]
    running = listed.jobs[0].running
    assert running is not None
    assert running.run_id == accepted.run_id
    (run,) = listed.jobs[0].runs
    assert (run.run_id, run.started_by, run.outcome) == (accepted.run_id, "api", None)
    again = client.post("/jobs/retrain")
    assert (again.status_code, again.json()["error"]) == (409, "conflict")
    assert "DELETE /jobs/retrain" in again.json()["detail"]
    cancelled = client.delete("/jobs/retrain")
    assert (cancelled.status_code, cancelled.json()["run_id"]) == (202, accepted.run_id)
    wait_until(lambda: client.get("/jobs").json()["jobs"][0]["runs"][0]["outcome"] == "cancelled")
    assert client.delete("/jobs/retrain").status_code == 409


def test_health_tells_of_a_training(client: TestClient, held: Held) -> None:
    client.post("/jobs/retrain")
    wait_until(lambda: client.get("/health").json()["progress"] == {"stage": "holding", "share": 0.5})
    assert client.get("/health").json()["status"] == "training"
    held.may_end.set()
    wait_until(lambda: client.get("/health").json()["status"] == "ok")


def test_an_unknown_job_is_not_found(client: TestClient) -> None:
    for response in (client.post("/jobs/sweep"), client.delete("/jobs/sweep")):
        assert (response.status_code, response.json()["error"]) == (404, "not_found")
        assert "The jobs are: retrain, replay." in response.json()["detail"]


def test_pages_of_other_origins_start_nothing(client: TestClient, held: Held) -> None:
    for method in ("POST", "DELETE"):
        foreign = client.request(method, "/jobs/retrain", headers={"origin": "http://evil.example"})
        assert (foreign.status_code, foreign.json()["error"]) == (403, "cross_origin")
        other = client.request(method, "/jobs/retrain", headers={"host": "evil.example"})
        assert (other.status_code, other.json()["error"]) == (400, "unknown_host")
    assert held.n_begun == 0
    assert client.get("/jobs").json()["jobs"][0]["runs"] == []


def test_where_no_jobs_run_the_answer_says_so() -> None:
    app = build()
    for response in (app.client.get("/jobs"), app.client.post("/jobs/retrain")):
        assert (response.status_code, response.json()["error"]) == (503, "not_ready")
        assert "launcher.py" in response.json()["detail"]
    app.database.close()
