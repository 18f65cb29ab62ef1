"""From a fresh folder to personal recommendations, and what refuses on the way."""

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from movieapp.cli import main
from tests.e2e.conftest import Prepared
from tests.e2e.launcher import Launched, run


def test_a_fresh_start_answers_while_it_prepares_and_ends_with_personal_films(prepared: Prepared) -> None:
    assert prepared.early_health["progress"]["stage"]
    assert prepared.early_page == 200
    assert prepared.health["dataset"]["release"] == "ml-latest-small"
    assert (prepared.health["live_version"], prepared.health["algorithm"]) == ("1", "als")
    assert not prepared.answer["is_fallback"]
    assert len(prepared.answer["results"]) == 10
    assert all(result["reasons"] for result in prepared.answer["results"][:3])
    assert prepared.exit_code == 0
    assert "Traceback" not in prepared.output


def test_the_command_line_gives_the_same_answer(prepared: Prepared) -> None:
    options = ("--data", str(prepared.data))
    printed = run(*options, "recommend", "--user", "42", "--json")
    assert printed.returncode == 0, printed.stderr
    films = [result["movie_id"] for result in json.loads(printed.stdout)["results"]]
    assert films == [result["movie_id"] for result in prepared.answer["results"]]


class TestRefusals:
    """Each is one sentence on stderr, exit code 2, and no traceback."""

    def check(self, code: int, told: str, *, says: str) -> None:
        assert code == 2, told
        assert says in told
        assert len(told.strip().splitlines()) == 1
        assert "Traceback" not in told

    def test_port_taken(self, tmp_path: Path, app: Launched) -> None:
        done = run("--data", str(tmp_path), "--port", str(app.port), "--no-browser")
        self.check(done.returncode, done.stdout + done.stderr, says="Choose another port")

    def test_database_held(self, app: Launched, capfd: pytest.CaptureFixture[str]) -> None:
        code = main(["recommend", "--data", str(app.data), "--user", "1"])
        self.check(code, "".join(capfd.readouterr()), says="is in use by another program")


def test_an_altered_model_is_not_served_but_popular_films_are(
    tiny_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (people,) = tiny_data.glob("artifacts/*/artifacts/serving/people.npy")
    people.write_bytes(people.read_bytes()[:-1] + b"x")
    with Launched(tiny_data, is_warm=True) as again:
        health = again.wait_for("degraded", "ok")
        assert health["status"] == "degraded"
        assert "not what training wrote" in health["problem"]
        assert len(again.client.get("/popular").json()["results"]) == 10
        assert again.client.post("/recommend", json={"user_id": 17}).json()["is_fallback"]
    # The sentence says to train again: that has to help.
    monkeypatch.setenv("MOVIEAPP_TRAIN_FULLY", "false")
    assert main(["train", "--data", str(tiny_data), "--model", "popularity"]) == 0
    capsys.readouterr()
    assert main(["popular", "--data", str(tiny_data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["model_version"] == "2"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_in_the_middle_of_preparing_is_quiet_and_leaves_a_folder_that_starts(
    tmp_path: Path, number: signal.Signals
) -> None:
    data = tmp_path / "data"
    with Launched(data, is_warm=True) as launched:
        launched.wait_for("training")
        launched.process.send_signal(number)
        assert launched.process.wait(30) == 0
        assert "Traceback" not in launched.output()
        assert "cannot" not in launched.output()
    assert main(["popular", "--data", str(data)]) in (0, 2)


def test_ctrl_c_twice_ends_in_order_too(tiny_data: Path) -> None:
    with Launched(tiny_data, is_warm=True) as launched:
        launched.wait_for("ok")
        # As whoever is in a hurry does, and `uv run`, which may pass on what has come already.
        for _ in range(2):
            launched.process.send_signal(signal.SIGINT)
            time.sleep(0.02)
        assert launched.process.wait(30) == 0
        assert "Traceback" not in launched.output()


def test_the_key_of_tmdb_is_told_to_nobody_and_nobody_waits_for_tmdb(
    tiny_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing listens at that port: TMDB is out of reach.
    for name, value in {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MOVIEAPP_TMDB_KEY", "a-long-read-access-token")
    with Launched(tiny_data, is_warm=True) as launched:
        launched.wait_for("ok")
        deadline = time.monotonic() + 20
        while not _runs_of(launched, "enrich") and time.monotonic() < deadline:
            time.sleep(0.05)
        assert _runs_of(launched, "enrich")[0]["started_by"] == "schedule"
        paths = ["/health", "/jobs", "/movie/1", "/docs", "/openapi.json"]
        paths += ["/ui/", "/ui/dashboard", "/ui/movies/1", "/ui/analysis"]
        told = [launched.client.get(path).text for path in paths]
        assert launched.stop() == 0
        for text in (*told, launched.output()):
            assert "read-access" not in text


def _runs_of(launched: Launched, name: str) -> list[dict[str, Any]]:
    (runs,) = (job["runs"] for job in launched.client.get("/jobs").json()["jobs"] if job["name"] == name)
    return list(runs)
