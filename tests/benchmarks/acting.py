"""How long somebody waits who tells something about a film and asks for a new list, one after the other."""

import time
from collections.abc import Callable

import httpx
import numpy as np

N_TIMES = 200


def act(port: int, users: list[int], films: list[int]) -> list[dict[str, object]]:
    """Tell and ask in turn, a person and a film at a time; return milliseconds per kind of action."""
    rng = np.random.default_rng(7)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        actions: dict[str, Callable[[int, int], httpx.Response]] = {
            "rate": lambda user, film: client.put(
                f"/users/{user}/ratings/{film}", json={"rating": float(rng.integers(1, 11)) / 2}
            ),
            "hide": lambda user, film: client.put(f"/users/{user}/opinions/{film}", json={"opinion": "hide"}),
            "watched": lambda user, film: client.put(f"/users/{user}/watches/{film}", json={}),
            "unlearn": lambda user, film: client.put(f"/users/{user}/unlearned/{film}"),
        }
        return [_row(client, name, told, users, films, rng) for name, told in actions.items()]


def _row(
    client: httpx.Client,
    name: str,
    tell: Callable[[int, int], httpx.Response],
    users: list[int],
    films: list[int],
    rng: np.random.Generator,
) -> dict[str, object]:
    action, whole, undo = [], [], []
    for _ in range(N_TIMES):
        user, film = int(rng.choice(users)), int(rng.choice(films))
        started = time.perf_counter()
        told = tell(user, film)
        between = time.perf_counter()
        listed = client.post("/recommend", json={"user_id": user})
        ended = time.perf_counter()
        assert told.status_code == listed.status_code == 200, told.text
        assert film not in [result["movie_id"] for result in listed.json()["results"]]
        action.append(between - started)
        whole.append(ended - started)
        if name != "rate":
            started = time.perf_counter()
            assert client.delete(f"/feedback/{told.json()['event_id']}").status_code == 200
            undo.append(time.perf_counter() - started)
    row: dict[str, object] = {"route": f"{name}, then a new list", "connections": 1}
    for part, seconds in (("action", action), ("action and list", whole), ("undo", undo)):
        if seconds:
            p50, p95 = np.percentile(np.array(seconds) * 1000, [50, 95])
            row |= {f"{part} p50_ms": float(p50), f"{part} p95_ms": float(p95)}
    return row
