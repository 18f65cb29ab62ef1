"""What takes long is done in threads, a few at a time, and short requests pass it by."""

import asyncio
import threading
import time

from movieapp.api.services import HEAVY_AT_ONCE, Services
from tests.api.api_app import App

PATIENCE_S = 20


async def test_no_more_than_a_few_long_works_run_at_once_and_all_get_their_turn(served: App) -> None:
    services: Services = served.api.state.services
    lock, may_end = threading.Lock(), threading.Event()
    begun = n_running = most = 0
    waited: list[float] = []

    def work(*, started: float) -> int:
        nonlocal begun, n_running, most
        waited.append(time.perf_counter() - started)
        with lock:
            begun += 1
            n_running += 1
            most = max(most, n_running)
        may_end.wait(PATIENCE_S)
        with lock:
            n_running -= 1
        return 1

    works = [asyncio.create_task(services.in_turn(work)) for _ in range(HEAVY_AT_ONCE + 3)]
    async with asyncio.timeout(PATIENCE_S):
        while begun < HEAVY_AT_ONCE:
            await asyncio.sleep(0.01)
    # The loop is free, and nobody else has begun meanwhile.
    await asyncio.sleep(0.05)
    assert begun == HEAVY_AT_ONCE
    may_end.set()
    assert sum(await asyncio.gather(*works)) == HEAVY_AT_ONCE + 3
    assert most == HEAVY_AT_ONCE
    # Those who waited know since when.
    assert min(waited[HEAVY_AT_ONCE:]) >= 0.05
