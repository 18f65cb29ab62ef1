"""Two weeks lived again, twice: `uv run python -m tests.benchmarks.simulation [RELEASE.zip] [OPTIONS]`.

Without a release, ML-100K. Options go to `launcher.py simulate`. Prints what that says, how long it took, and
whether both times brought the same decisions and the same lists.
"""

import sys
import tempfile
import time
from pathlib import Path

from movieapp.database import open_database
from tests.benchmarks.__main__ import TEST_DATA
from tests.e2e.launcher import run
from tests.rows import rows

DECISIONS = "select decided_at::date as day, challenger, is_promoted, reasoning from promotion_decisions"
LISTS = "select requested_at, user_id, endpoint, model_version, recommendations from requests"


def main(origin: Path, options: list[str]) -> None:
    """Live the period twice and hold one against the other."""
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for name in ("first", "second"):
            data = Path(folder) / name
            began = time.perf_counter()
            done = run("simulate", "--data", str(data), "--from", str(origin), *options, timeout_s=36_000)
            if done.returncode:
                raise SystemExit(done.stderr)
            print(done.stdout if name == "first" else "", f"{time.perf_counter() - began:.0f} s")
            database = open_database(data)
            found.append([rows(database, f"{one} order by all").rows() for one in (DECISIONS, LISTS)])
            database.close()
    decisions, lists = (first == second for first, second in zip(*found, strict=True))
    print(f"The same decisions: {decisions}. The same lists: {lists}.")


if __name__ == "__main__":
    release, *options = sys.argv[1:] or [str(TEST_DATA / "ml-100k.zip")]
    main(Path(release), options)
