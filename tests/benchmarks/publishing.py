"""Publishing every second under 200 requests a second, while another process opens the file in a loop.

    python -m tests.benchmarks.publishing DATA [--requests N] [--seconds N]

DATA is the folder of an instance that has a trained version; it is copied first. `--requests` fills its log.
"""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import polars as pl

from movieapp.database import PUBLISHED, open_database
from tests.benchmarks.client import _request
from tests.e2e.launcher import Launched

RATE = 200
CONNECTIONS = 8
LIMIT_MS = {"/recommend": 100.0, "/similar": 50.0}
READING = """
import json, sys, time
import duckdb
refused, took, until = [], [], time.monotonic() + float(sys.argv[2])
while time.monotonic() < until:
    began = time.perf_counter()
    try:
        with duckdb.connect(sys.argv[1], read_only=True) as connection:
            connection.execute("select published_at from dataset").fetchall()
            connection.execute("from daily_traffic").fetchall()
    except duckdb.Error as error:
        refused.append(str(error))
    took.append(time.perf_counter() - began)
print(json.dumps({"opened": len(took), "refused": refused, "longest ms": 1000 * max(took)}))
"""


def main() -> None:
    """Measure without and with publishing, and print both."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--requests", type=int, default=0)
    arguments.add_argument("--seconds", type=float, default=20.0)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(asked.data, data)
        if asked.requests:
            _fill(data, asked.requests)
        with Launched(data) as launched:
            launched.wait_for("ok")
            figures = _measured(launched, asked.seconds)
    print(json.dumps(figures, indent=1))


def _fill(data: Path, n_requests: int) -> None:
    """Log so many requests, spread over the last days."""
    database = open_database(data, make=False)
    now = datetime.now(UTC).replace(tzinfo=None)
    rng = np.random.default_rng(1)
    for start in range(0, n_requests, 100_000):
        count = min(100_000, n_requests - start)
        places = rng.integers(1, 2000, (count, 10))
        rows = {
            "request_id": [str(uuid.UUID(bytes=rng.bytes(16), version=4)) for _ in range(count)],
            "requested_at": [now - timedelta(seconds=start + i) for i in range(count)],
            "user_id": rng.integers(1, 600, count),
            "endpoint": ["recommend"] * count,
            "model_version": ["1"] * count,
            "recommendations": places.tolist(),
            "scores": np.full((count, 10), 0.5).tolist(),
            "latency_ms": rng.exponential(2.0, count),
            "is_fallback": rng.random(count) < 0.02,
            "status": [200] * count,
            "asked": ['{"k": 10}'] * count,
        }
        database.append("serving/log_requests", pl.DataFrame(rows))
    database.close()


def _measured(launched: Launched, seconds: float) -> dict[str, Any]:
    users = [user["user_id"] for user in launched.client.get("/users?limit=500").json()["users"]]
    popular = [film["movie_id"] for film in launched.client.get("/popular?k=100").json()["results"]]
    ask = launched.client.post
    films = [film for film in popular if ask("/similar", json={"movie_id": film}).is_success]
    rng = np.random.default_rng(0)
    count = int(RATE * seconds)
    posts = [
        ("/recommend", {"user_id": int(rng.choice(users))})
        if rng.random() < 0.8
        else ("/similar", {"movie_id": int(rng.choice(films))})
        for _ in range(count)
    ]
    _publish_until(launched, threading.Event(), most=1)
    figures: dict[str, Any] = {"without": _load(launched.port, posts)}
    reader = subprocess.Popen(
        [sys.executable, "-c", READING, str(launched.data / PUBLISHED), str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    is_over = threading.Event()
    published: list[float] = []
    publisher = threading.Thread(
        target=lambda: published.extend(_publish_until(launched, is_over)), name="publisher"
    )
    publisher.start()
    figures["while it is published every second"] = _load(launched.port, posts)
    is_over.set()
    publisher.join()
    figures["reader"] = json.loads(reader.communicate(timeout=60)[0])
    figures["publications"] = {"n": len(published), "median s": float(np.median(published))}
    size = (launched.data / PUBLISHED).stat().st_size
    figures["published MB"] = size / 1e6
    return figures


def _publish_until(launched: Launched, is_over: threading.Event, most: int = 10**6) -> list[float]:
    """Start the job every second, or as soon as the one before is done; return how long each took."""
    took: list[float] = []
    file = launched.data / PUBLISHED
    with httpx.Client(base_url=launched.address, timeout=30) as client:
        while not is_over.is_set() and len(took) < most:
            began = time.monotonic()
            before = file.stat().st_mtime_ns if file.exists() else None
            # One that runs already, after another job, is to end first.
            while client.post("/jobs/publish").is_error:
                before = file.stat().st_mtime_ns if file.exists() else None
                time.sleep(0.02)
            while not file.exists() or file.stat().st_mtime_ns == before:
                if time.monotonic() - began > 60:
                    raise SystemExit(f"nothing was published: {client.get('/jobs').text}")
                time.sleep(0.01)
            took.append(time.monotonic() - began)
            time.sleep(max(0.0, began + 1 - time.monotonic()))
    return took


def _load(port: int, posts: list[tuple[str, dict[str, object]]]) -> dict[str, Any]:
    """Ask at a steady rate, whether or not the answers keep up; return latencies by route."""
    results = asyncio.run(_steadily(port, posts))
    figures: dict[str, Any] = {}
    for path, limit_ms in LIMIT_MS.items():
        took = np.array([ms for one, ms, _ in results if one == path])
        p50, p95, p99 = np.percentile(took, [50, 95, 99])
        figures[path] = {
            "n": len(took),
            "p50 ms": float(p50),
            "p95 ms": float(p95),
            "p99 ms": float(p99),
            "longest ms": float(took.max()),
            "n over limit": int((took > limit_ms).sum()),
            "n refused": sum(not is_ok for one, _, is_ok in results if one == path),
        }
    return figures


async def _steadily(port: int, posts: list[tuple[str, dict[str, object]]]) -> list[tuple[str, float, bool]]:
    began = time.perf_counter()
    due = [(began + number / RATE, *post) for number, post in enumerate(posts)]
    shares = await asyncio.gather(*(_in_time(port, due[start::CONNECTIONS]) for start in range(CONNECTIONS)))
    return [result for share in shares for result in share]


async def _in_time(
    port: int, due: list[tuple[float, str, dict[str, object]]]
) -> list[tuple[str, float, bool]]:
    """Ask one after another when each is due; one that has to wait for the one before counts its waiting."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    results = []
    for when, path, body in due:
        await asyncio.sleep(max(0.0, when - time.perf_counter()))
        writer.write(_request(port, path, body))
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        results.append((path, 1000 * (time.perf_counter() - when), head.startswith(b"HTTP/1.1 200")))
    writer.close()
    await writer.wait_closed()
    return results


if __name__ == "__main__":
    main()
