"""Milliseconds from a click in Chromium to the new list: `python -m tests.benchmarks.clicking DATA_FOLDER`.

The folder holds a trained instance; a copy of it is served, and left alone until it has done what an app does
at its start; a job beside the clicks ends the measurement. The people with the most ratings, and people
spread over all by how many they gave, rate, like and hide films on the page "All films for you", and look for
films in the header. All times are the page's own, and of each the part between the event that leaves it and
the first answer that changes it is told apart.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, Page
from rich.console import Console
from rich.table import Table

from tests.e2e.browsing import chromium, visit
from tests.e2e.launcher import Launched

N_PEOPLE = 12
TYPED = ("the matrix", "star wars", "toy sto", "hitchcock", "godfahter", "amelie", "se7en", "x men")
QUIET_MS = 350
# A hand is slower than a script: it comes to rest on what it wants, and takes some time to press it.
RESTS_MS, PRESSES_MS = 150, 60
# An app that starts works out lists ahead, and then does the jobs that it missed while it was off.
REST_S = 20
# Notes when something is done, when it leaves, when the answer comes, and when the page changed last.
CLOCK = """(() => {
const clock = window.clock = {};
const now = () => performance.now();
const begin = () => Object.assign(clock, {done: now(), changed: 0, sent: 0, came: 0});
for (const kind of ["keydown", "click", "input"]) document.addEventListener(kind, begin, true);
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
    constructor(...given) {
        super(...given);
        const came = said => { if (/^42.*"update"/.test(said.data)) clock.came ||= now(); };
        this.addEventListener("message", came);
    }
    send(said) {
        if (/^42.*"event"/.test(said)) clock.sent ||= now();
        super.send(said);
    }
};
document.addEventListener("DOMContentLoaded", () => new MutationObserver(seen => {
    const isOurs = one => one.target.closest?.(clock.where) || one.target.parentElement?.closest(clock.where);
    if (clock.where && seen.some(isOurs)) clock.changed = now();
}).observe(document.body, {childList: true, subtree: true, attributes: true, characterData: true}));
})()"""
RESTED = """ms => {
    const {done, sent, came, changed} = clock;
    const parts = [sent - done, came - sent, changed - came, changed - done];
    return changed && performance.now() - changed > ms && parts;
}"""
READY = "window.did_handshake && document.querySelectorAll('.grid [data-film]').length > 20"
Times = list[float]


def main(data: Path) -> None:
    """Measure on a copy of the instance, and print a row per kind of action."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(data, Path(folder) / "data")
        with Launched(copy, train_fully=True) as launched, chromium() as browser:
            launched.wait_for("ok")
            time.sleep(REST_S)
            runs = _runs(launched)
            people = launched.client.get("/users", params={"limit": 1000}).json()["users"]
            groups = {
                "with the most ratings": people[:N_PEOPLE],
                f"spread over the {len(people):,} most active": people[:: len(people) // N_PEOPLE][:N_PEOPLE],
            }
            for group, members in groups.items():
                rows: dict[str, list[Times]] = {}
                with visit(browser, launched) as (page, faults):
                    page.add_init_script(CLOCK)
                    for person in members:
                        _act(page, person["user_id"], rows)
                    assert faults == []
                assert runs == _runs(launched), "a job ran beside the clicks: measure again"
                _print(f"{N_PEOPLE} people {group}", rows)


def _runs(launched: Launched) -> list[str]:
    """Return the runs of jobs so far; fail if one is under way, which would be measured with the clicks."""
    # To publish, every few minutes, belongs to the life of an app.
    jobs = [job for job in launched.client.get("/jobs").json()["jobs"] if job["name"] != "publish"]
    busy = [job["name"] for job in jobs if job["running"] or job["is_waiting"]]
    assert busy == [], f"{busy} would run beside the clicks: measure again when they are done"
    return [run["run_id"] for job in jobs for run in job["runs"]]


def _act(page: Page, user_id: int, rows: dict[str, list[Times]]) -> None:
    page.goto(f"/ui/list?user={user_id}")
    page.wait_for_function(READY)
    page.wait_for_timeout(300)
    actions: dict[str, Callable[[], None]] = {
        "a key from 1 to 5": lambda: page.locator(".card-link").nth(3).press(str(1 + user_id % 5)),
        "a click on a star": lambda: _click_by_hand(page.locator(".card .stars label").nth(18)),
        "the same without a rest": lambda: page.locator(".card .stars label").nth(58).click(force=True),
        "a click on like": lambda: page.get_by_role("dialog").get_by_role("button", name="Like").click(),
        "the key H": lambda: page.locator(".card-link").nth(7).press("h"),
        "a click on hide": lambda: page.locator(".card [data-do=hide]").nth(1).click(force=True),
        "a click on undo": lambda: page.locator(".told-undo").click(),
    }
    for name, act in actions.items():
        if name == "a click on like":
            page.locator(".card-link").nth(5).press("m")
            page.get_by_role("dialog").get_by_role("button", name="Like").wait_for()
            page.wait_for_timeout(QUIET_MS)
        # A like alone changes no list: that it was told is all there is to see.
        where = ".told-place" if name == "a click on like" else ".results"
        rows.setdefault(name, []).append(_timed(page, where, act))
    field = page.get_by_label("Find a film")
    typed = TYPED[user_id % len(TYPED)]
    field.focus()
    for letter in typed:
        # Somebody who types faster than the field waits asks only once.
        times = _timed(page, ".suggest-results", lambda letter=letter: page.keyboard.press(letter))
        rows.setdefault("a letter in the search", []).append(times)


def _click_by_hand(place: Locator) -> None:
    place.hover(force=True)
    place.page.wait_for_timeout(RESTS_MS)
    place.click(force=True, delay=PRESSES_MS)


def _timed(page: Page, where: str, act: Callable[[], None]) -> Times:
    """Do something and return what passed until it left, until the answer, until it was shown, and in all."""
    page.evaluate("where => { clock.where = where; clock.changed = 0 }", where)
    act()
    # Asked at every frame, which is the default, the page would draw without end and take half a processor.
    rested = page.wait_for_function(RESTED, arg=QUIET_MS, polling=QUIET_MS)
    return [float(one) for one in rested.json_value()]


def _print(title: str, rows: dict[str, list[Times]]) -> None:
    parts = ("to the server", "server and wire", "in the page", "whole")
    table = Table(
        "done", "n", *(f"{part} {share}" for part in parts for share in ("p50", "p95")), title=title
    )
    changes = [times for name, all_times in rows.items() if "search" not in name for times in all_times]
    for name, all_times in (rows | {"all that changes the list": changes}).items():
        values = np.percentile(np.array(all_times), [50, 95], axis=0).T.ravel()
        table.add_row(name, str(len(all_times)), *(f"{value:.0f}" for value in values))
    console = Console(width=190)
    console.print(table)
    console.print("Milliseconds. The search field waits 120 ms for another letter: part of 'to the server'.")
    console.print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
