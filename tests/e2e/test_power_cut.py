"""kill -9 while a training runs and somebody looks on; `python -m tests.benchmarks.kills` does it often."""

import time
from pathlib import Path

import duckdb
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import visit
from tests.e2e.launcher import Launched
from tests.jobs.killing import USER, check, retrain, wait_for_stage


def test_a_power_cut_in_a_training_is_said_and_loses_nothing(browser: Browser, tiny_data: Path) -> None:
    with Launched(tiny_data, is_warm=True) as app:
        assert app.wait_for("ok")["live_version"] == "1"
        with visit(browser, app) as (page, _):
            page.goto("/ui/popular")
            page.locator(".card").first.wait_for()
            app.client.post("/recommend", json={"user_id": USER})
            # The log is written twice a second; a busy machine may take longer.
            deadline = time.monotonic() + 10
            while app.health()["queue_depth"] > 0 and time.monotonic() < deadline:
                time.sleep(0.1)
            run_id = retrain(app, rating=4.5)
            wait_for_stage(app, "comparing")
            app.kill()
            with duckdb.connect(str(tiny_data / "movieapp.duckdb"), read_only=True) as database:
                ratings = database.execute("select rating from ratings where user_id = ?", [USER]).fetchall()
                (n_logged,) = database.execute(
                    "select count(*) from requests where user_id = ?", [USER]
                ).fetchone()
            assert ratings == [(4.5,)]
            assert n_logged == 1
            # The page says so after some seconds; meanwhile, the app starts again at another address.
            check(tiny_data, run_id=run_id, rating=4.5, served_before="1", is_warm=True)
            expect(page.get_by_text("Connection lost.")).to_be_visible()
