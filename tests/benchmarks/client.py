"""A load of HTTP requests over kept-alive connections, light enough not to be what is measured."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Load:
    """What one run of requests took: latencies in milliseconds and requests per second."""

    p50_ms: float
    p95_ms: float
    p99_ms: float
    per_second: float
    n_errors: int


def measure(port: int, path: str, bodies: Sequence[dict[str, object]], *, connections: int) -> Load:
    """Post each body once, spread over the connections, and time every answer."""
    requests = [_request(port, path, body) for body in bodies]
    started = time.perf_counter()
    results = asyncio.run(_all(port, requests, connections))
    took = time.perf_counter() - started
    latencies = np.array([latency for latency, _ in results]) * 1000
    p50, p95, p99 = np.percentile(latencies, [50, 95, 99])
    errors = sum(not is_ok for _, is_ok in results)
    return Load(float(p50), float(p95), float(p99), len(results) / took, errors)


def _request(port: int, path: str, body: dict[str, object]) -> bytes:
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def _all(port: int, requests: list[bytes], connections: int) -> list[tuple[float, bool]]:
    shares = [requests[start::connections] for start in range(connections)]
    results = await asyncio.gather(*(_one_after_another(port, share) for share in shares))
    return [result for share in results for result in share]


async def _one_after_another(port: int, requests: list[bytes]) -> list[tuple[float, bool]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    results = []
    for request in requests:
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        results.append((time.perf_counter() - started, head.startswith(b"HTTP/1.1 200")))
    writer.close()
    await writer.wait_closed()
    return results
