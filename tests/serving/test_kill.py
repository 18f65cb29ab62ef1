"""A killed process loses no rating that it acknowledged, and of the request log the last second at most."""

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from movieapp.database import Database
from movieapp.serving.profiles import Profiles

CHILD = """
import sys, time, uuid
from datetime import UTC, datetime
from pathlib import Path
from movieapp.database import Database
from movieapp.serving.profiles import Profiles
from movieapp.serving.request_log import LoggedRequest, RequestLog

database = Database(Path(sys.argv[1]))
profiles, log, now = Profiles(database), RequestLog(database), datetime(2026, 1, 2, tzinfo=UTC)
profiles.load()
log.start()
for _ in range(300):
    log.put(LoggedRequest(str(uuid.uuid4()), now, 7, "rank", None, (1,), (0.5,), 1.0, False, 200, {}))
for user_id in range(1000, 10_000):
    profiles.rate(user_id, 1, 4.0, now=now)
    print(user_id, flush=True)
    time.sleep(0.002)  # requests come with gaps; without any, the writers' lock lets nobody else in
"""


def test_what_was_acknowledged_survives_a_kill(file: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(file)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    acknowledged = [int(child.stdout.readline())]
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        acknowledged.append(int(child.stdout.readline()))
    child.kill()
    acknowledged += [int(line) for line in child.stdout.read().split("\n")[:-1]]
    child.stdout.close()
    child.wait()

    database = Database(file)
    profiles = Profiles(database)
    profiles.load()
    assert len(acknowledged) > 3
    assert all(profiles.history(user_id) is not None for user_id in acknowledged)
    logged = database.read("monitoring/traffic", since=datetime(2026, 1, 1), until=datetime(2026, 1, 3))
    assert logged["n_requests"].item() == 300
    database.close()
