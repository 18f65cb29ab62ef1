"""100 requests a second during a retraining: `uv run python -m tests.benchmarks.retraining [RELEASE.zip]`.

Without a release, the bundled one. Prints the latency of `/recommend` while the training ran, and which
version answered first after it.
"""

import asyncio
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import numpy as np

from tests.e2e.launcher import Launched, run
from tests.jobs.killing import job, retrain

PER_SECOND = 100
CONNECTIONS = 8


async def _ask(port: int, is_over: threading.Event) -> list[tuple[float, int, str]]:
    """Ask at an even pace until the training is over; return (seconds, status, version) of each answer."""
    answers: list[tuple[float, int, str]] = []
    users = np.random.default_rng(1).integers(1, 600, size=100_000)
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=30) as client:

        async def ask(user: int) -> None:
            began = time.perf_counter()
            answer = await client.post("/recommend", json={"user_id": user})
            took = time.perf_counter() - began
            answers.append((took, answer.status_code, answer.json()["model_version"]))

        asking: list[asyncio.Task[None]] = []
        started = time.perf_counter()
        while not is_over.is_set():
            asking.append(asyncio.create_task(ask(int(users[len(asking)]))))
            await asyncio.sleep(max(started + len(asking) / PER_SECOND - time.perf_counter(), 0))
        await asyncio.gather(*asking)
    return answers


def main(release: Path | None) -> None:
    """Prepare an instance, load it, retrain, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        if release is not None:
            assert run("--data", str(data), "ingest", "--from", str(release)).returncode == 0
        with Launched(data, train_fully=True) as app:
            before = app.wait_for("ok", timeout_s=600)["live_version"]
            is_over = threading.Event()
            found: list[list[tuple[float, int, str]]] = []
            load = threading.Thread(target=lambda: found.append(asyncio.run(_ask(app.port, is_over))))
            began = time.monotonic()
            retrain(app, rating=4.5)
            load.start()
            while job(app)["runs"][0]["outcome"] is None:
                time.sleep(0.5)
            took_s = time.monotonic() - began
            is_over.set()
            load.join()
            summary = job(app)["runs"][0]["summary"]
            after = app.client.post("/recommend", json={"user_id": 1}).json()["model_version"]
    latencies = 1000 * np.array([seconds for seconds, _, _ in found[0]])
    p50, p95, p99 = np.percentile(latencies, [50, 95, 99])
    n_errors = sum(status != 200 for _, status, _ in found[0])
    print(f"retraining took {took_s:.1f} s; {len(latencies):,} requests beside it, {n_errors} errors")
    print(f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, highest {latencies.max():.1f} ms")
    print(f"version {before} before, {after} after: {summary}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
