"""Measured figures: `uv run python -m tests.benchmarks [start] [data] [serving] [search] [visits]`.

Without a name, all. Everything is measured on ML-1M where `MOVIEAPP_TEST_DATA` (default: ../shared/data)
has ml-1m.zip, else on the bundled release. Prints a table per part and writes
tests/benchmarks/results/<part>.json. Figures are medians over several runs; latencies are compared with a
no-op route of the same server in the same run.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from tests.benchmarks.acting import act
from tests.benchmarks.client import Load, measure
from tests.benchmarks.first_answers import first_answers
from tests.benchmarks.searching import searching, titles_of
from tests.e2e.launcher import REPOSITORY, Launched, free_port, run

RESULTS = Path(__file__).parent / "results"
TEST_DATA = Path(os.environ.get("MOVIEAPP_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
N_REQUESTS = 4_000
CONNECTIONS = (1, 8, 32)
REPEATS = 3

Figures = dict[str, Any]


def start() -> Figures:
    """Fresh folder and second start: seconds until /health, popular films and personal films."""
    fresh, second = [], []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            fresh.append(_start(data))
            second.append(_start(data))
    help_s = [_seconds("--help") for _ in range(5)]
    return {
        "fresh": _medians(fresh),
        "second": _medians(second),
        "--help s": statistics.median(help_s),
    }


def _start(data: Path) -> Figures:
    seconds: Figures = {}
    with Launched(data, train_fully=True) as launched:
        while "personal s" not in seconds:
            health = launched.health()
            since = time.monotonic() - launched.started
            if health:
                seconds.setdefault("health s", since)
                if health["dataset"] is not None and launched.client.get("/popular").status_code == 200:
                    seconds.setdefault("popular s", time.monotonic() - launched.started)
                if health["status"] == "ok":
                    answer = launched.client.post("/recommend", json={"user_id": 17}).json()
                    assert not answer["is_fallback"]
                    seconds["personal s"] = time.monotonic() - launched.started
            time.sleep(0.02)
    return seconds


def data() -> Figures:
    """Ingest, training with evaluation, and loading of the bundle, each in a process of its own."""
    figures: Figures = {}
    for name in ("ml-latest-small", "ml-100k", "ml-1m"):
        origin = TEST_DATA / f"{name}.zip"
        if not origin.exists():
            continue
        with tempfile.TemporaryDirectory() as folder:
            figures[name] = {
                "ingest s": _seconds("ingest", "--data", folder, "--from", str(origin)),
                "train and evaluate s": _seconds("train", "--data", folder),
                **_loading(Path(folder)),
            }
    return figures


LOADING = """
import sys, time
from pathlib import Path
from movieapp.models.bundle import Bundle
from movieapp.registry import Registry
folder = Registry(Path(sys.argv[1])).production().serving_folder()
started = time.perf_counter()
Bundle.load(folder)
print(time.perf_counter() - started)
"""


def _loading(data: Path) -> Figures:
    done = subprocess.run(
        [sys.executable, "-c", LOADING, str(data)], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    bundle = next(data.glob("artifacts/*/artifacts/serving"))
    size = sum(file.stat().st_size for file in bundle.rglob("*") if file.is_file())
    return {"bundle load s": float(done.stdout), "bundle MB": size / 1e6}


def serving() -> Figures:
    """Latency and throughput over HTTP, with the no-op route as the floor; memory of the serving process."""
    origin = _release()
    with tempfile.TemporaryDirectory() as folder:
        _seconds("ingest", "--data", folder, "--from", str(origin))
        _seconds("train", "--data", folder)
        figures = _serving(Path(folder))
    return {"release": origin.stem, **figures}


def _release() -> Path:
    return next(path for name in ("ml-1m", "ml-latest-small") if (path := TEST_DATA / f"{name}.zip").exists())


def _serving(data: Path) -> Figures:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.server", str(data), str(port)],
        stdout=subprocess.DEVNULL,
        cwd=REPOSITORY,
    )
    try:
        users, films = _wait_and_list(port)
        rows = []
        for connections in CONNECTIONS:
            # In turn, so that a noisy moment hits the floor as well as what stands on it.
            runs = [_one_run(port, users, films, connections, repeat) for repeat in range(REPEATS)]
            for route in runs[0]:
                row = _medians([asdict(run[route]) for run in runs])
                share = statistics.median(run[route].per_second / run["/noop"].per_second for run in runs)
                rows.append({"route": route, "connections": connections, **row, "share of no-op": share})
        memory_mb = _memory_mb(server.pid)
        return {"routes": rows + act(port, users, films), "memory MB": memory_mb}
    finally:
        server.terminate()
        server.wait(30)


def _one_run(port: int, users: list[int], films: list[int], connections: int, repeat: int) -> dict[str, Load]:
    """Ask each route once over; a k that was never asked for before makes every answer a first one."""
    rng = np.random.default_rng(repeat)
    k = 11 + CONNECTIONS.index(connections) * REPEATS + repeat
    first = [{"user_id": user, "k": k} for user in rng.permutation(users).tolist()]
    again = [{"user_id": user} for user in rng.choice(users, N_REQUESTS).tolist()]
    similar_first = [{"movie_id": film, "k": k} for film in rng.permutation(films).tolist()]
    similar = [{"movie_id": film} for film in rng.choice(films, N_REQUESTS).tolist()]
    bodies = {
        "/noop": ("/noop", [{}] * N_REQUESTS),
        "/recommend": ("/recommend", again),
        "/recommend, first": ("/recommend", first),
        "/similar": ("/similar", similar),
        "/together": (
            "/together",
            [{"user_ids": rng.choice(users, 5, replace=False).tolist()} for _ in range(400)],
        ),
        "/similar, first": ("/similar", similar_first),
    }
    return {
        name: measure(port, path, posts, connections=connections) for name, (path, posts) in bodies.items()
    }


def _wait_and_list(port: int) -> tuple[list[int], list[int]]:
    """Wait for the model, then return users and films to ask for."""
    import httpx

    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/health").json()["status"] == "ok":
                users = [user["user_id"] for user in httpx.get(f"{address}/users?limit=1000").json()["users"]]
                popular = httpx.get(f"{address}/popular?k=500").json()["results"]
                return users, [film["movie_id"] for film in popular]
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit("The server did not get ready within a minute.")


def search() -> Figures:
    """Milliseconds of searches in the catalogue, as people type them."""
    return searching(titles_of(_release()))


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def _seconds(*arguments: str) -> float:
    """Run one command of the launcher and return how long it took."""
    started = time.perf_counter()
    done = run(*arguments, timeout_s=1800, train_fully=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.perf_counter() - started


def _medians(runs: list[Figures]) -> Figures:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _print(part: str, figures: Figures) -> None:
    rows = figures.get("routes") or [
        {"": name, **(value if isinstance(value, dict) else {"value": value})}
        for name, value in figures.items()
    ]
    table = Table(title=part)
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        cells = [row.get(heading, "") for heading in headings]
        table.add_row(*(f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in cells))
    console = Console()
    console.print(table)
    rest = {name: value for name, value in figures.items() if name != "routes"}
    if "routes" in figures:
        console.print(rest)


def main(parts: list[str]) -> None:
    """Measure the parts asked for, one after another."""
    known = {"start": start, "data": data, "serving": serving, "search": search, "visits": first_answers}
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir()
    for part in parts or known:
        figures = known[part]()
        (RESULTS / f"{part}.json").write_text(json.dumps(figures, indent=1))
        _print(part, figures)


if __name__ == "__main__":
    main(sys.argv[1:])
