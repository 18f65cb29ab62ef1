"""kill -9 at random moments: `uv run python -m tests.benchmarks.kills [training|serving] [N]`, 20 by default.

Takes some minutes. Of a training: afterwards every acknowledged rating has to be there and the run has to be
marked; the version that serves has to be the one from before, unless the decision for another had taken
effect, and no version may be left half registered. Of the serving under load: every acknowledged rating and
event has to be there, the log may lack its last second, and the same version has to serve again.
"""

import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import httpx

from tests.e2e.launcher import Launched
from tests.jobs.killing import check, job, retrain

LOG_LACKS_S = 1.0
CLIENTS = 4


def training(n_kills: int, *, seed: int = 1) -> None:
    """Kill a training so often, each time on what the one before has left."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with Launched(data) as app:
            served = str(app.wait_for("ok", timeout_s=300)["live_version"])
            began = time.monotonic()
            retrain(app, rating=0.5)
            while job(app)["runs"][0]["outcome"] is None:
                time.sleep(0.05)
            took_s = time.monotonic() - began
        print(f"a retraining takes {took_s:.1f} s; version {served} serves")
        for number in range(n_kills):
            rating = 1 + number % 8 / 2
            moment_s = chance.uniform(0, took_s)
            with Launched(data) as app:
                served = str(app.wait_for("ok", timeout_s=300)["live_version"])
                run_id = retrain(app, rating=rating)
                time.sleep(moment_s)
                stage = (job(app)["running"] or {}).get("stage", "waiting, or over")
                app.kill()
            serves = check(data, run_id=run_id, rating=rating, served_before=served)
            print(f"{number + 1}: killed after {moment_s:.1f} s ({stage}): version {served}, now {serves}")


@dataclass
class Acknowledged:
    """What one client was told is kept: stars by (person, film), events, and lists with their instants."""

    stars: dict[tuple[int, int], float] = field(default_factory=dict)
    maybe: dict[tuple[int, int], float] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    lists: list[tuple[float, str]] = field(default_factory=list)

    def ask(self, address: str, user_id: int, seed: int) -> None:
        """Rate, tell and ask in turns, until nobody answers."""
        chance = random.Random(seed)
        with httpx.Client(base_url=address, timeout=10) as client:
            while True:
                pair, stars = (user_id, chance.randint(1, 60)), chance.randint(1, 10) / 2
                event = {"user_id": user_id, "movie_id": chance.randint(1, 60), "event_type": "click"}
                self.maybe = {pair: stars}
                try:
                    rated = client.put(f"/users/{pair[0]}/ratings/{pair[1]}", json={"rating": stars})
                    rated.raise_for_status()
                    self.stars[pair] = stars
                    told = client.post("/feedback", json=event).raise_for_status()
                    self.events.append(told.json()["event_id"])
                    listed = client.post("/recommend", json={"user_id": user_id}).raise_for_status()
                    self.lists.append((time.time(), listed.json()["request_id"]))
                except httpx.TransportError:
                    return
                except httpx.HTTPStatusError as refused:
                    # Some ids belong to no film of the release.
                    if refused.response.status_code != 404:
                        raise


def serving(n_kills: int, *, seed: int = 1) -> None:
    """Kill the serving so often under load, each time on what the one before has left."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with Launched(data) as app:
            served = app.wait_for("ok", timeout_s=300)["live_version"]
        for number in range(n_kills):
            with Launched(data) as app:
                assert app.wait_for("ok", timeout_s=300)["live_version"] == served
                clients = [Acknowledged() for _ in range(CLIENTS)]
                threads = [
                    threading.Thread(target=one.ask, args=[app.address, 9001 + place, number])
                    for place, one in enumerate(clients)
                ]
                for thread in threads:
                    thread.start()
                time.sleep(chance.uniform(1, 5))
                killed_at = time.time()
                app.kill()
                for thread in threads:
                    thread.join()
            n_missing = _missing(data, clients, until=killed_at - LOG_LACKS_S)
            n_told = sum(len(one.stars) + len(one.events) for one in clients)
            n_lists = sum(len(one.lists) for one in clients)
            print(
                f"{number + 1}: {n_told} acknowledged, all there; {n_lists} lists, {n_missing} of the last "
                f"{LOG_LACKS_S:.0f} s not logged; version {served}"
            )


def _missing(data: Path, clients: list[Acknowledged], *, until: float) -> int:
    """Refuse if anything acknowledged is gone; return how many of the last lists are not in the log."""
    with duckdb.connect(str(data / "movieapp.duckdb"), read_only=True) as database:
        stars = {
            (user, movie): rating
            for user, movie, rating in database.sql(
                "select user_id, movie_id, rating from ratings where user_id > 9000"
            ).fetchall()
        }
        events = {str(one) for (one,) in database.sql("select event_id from feedback").fetchall()}
        logged = {str(one) for (one,) in database.sql("select request_id from requests").fetchall()}
    n_missing = 0
    for one in clients:
        for pair, rating in one.stars.items():
            # What was on its way when it ended may have been kept, too.
            assert stars.get(pair) in (rating, one.maybe.get(pair)), f"a rating is gone: {pair}"
        assert events.issuperset(one.events), "an event is gone"
        gone = [at for at, request_id in one.lists if request_id not in logged]
        assert all(at >= until for at in gone), "the log lacks more than its last second"
        n_missing += len(gone)
    return n_missing


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "training"
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    {"training": training, "serving": serving}[what](n)
