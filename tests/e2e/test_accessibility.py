"""Every page, and all that opens on one, as axe-core sees it: in light and in dark it finds nothing wrong."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import visit
from tests.e2e.launcher import Launched

ASKED_FOR = "MOVIEAPP_TEST_ACCESSIBILITY"
pytestmark = pytest.mark.skipif(
    ASKED_FOR not in os.environ, reason=f"takes a minute of processor time: set {ASKED_FOR}=1 to run it"
)

EXPORT = Path(__file__).parent.parent / "sources" / "exports" / "letterboxd" / "ratings.csv"
MATRIX = 2571
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# The dark theme changes colours and nothing else.
LOOKS = {"light": {"type": "tag", "values": RULES}, "dark": ["color-contrast", "link-in-text-block"]}
LOOK = """async rules => {
    const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"], preload: false});
    return found.violations.flatMap(rule => rule.nodes.map(node =>
        `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary} ${node.html.slice(0, 200)}`));
}"""
# Nothing is being loaded any more.
WHOLE = """() => document.querySelector("h1") && window.did_handshake
    && !document.querySelector("[aria-busy=true], .skeleton, .is-busy")"""


def _people(page: Page) -> None:
    page.locator(".tool-viewer").click()
    expect(page.get_by_role("dialog").get_by_role("heading", name="Who is watching?")).to_be_visible()
    page.get_by_text("Somebody else, by number").click()


def _new_profile(page: Page) -> None:
    page.get_by_role("button", name="New profile").click()
    expect(page.get_by_label("Name")).to_be_visible()


def _keys(page: Page) -> None:
    page.locator("body").press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()


def _menu(page: Page) -> None:
    page.locator(".card [data-do=menu]").nth(2).click(force=True)
    expect(page.get_by_role("dialog").get_by_role("button", name="Watched")).to_be_visible()


def _told(page: Page) -> None:
    page.locator(".card-link").nth(2).press("w")
    expect(page.locator(".told")).to_be_visible()


def _more(page: Page) -> None:
    page.locator(".nav-more summary").click()
    expect(page.get_by_role("link", name="Dashboard")).to_be_visible()


def _search(page: Page) -> None:
    page.get_by_label("Find a film").fill("the matr")
    expect(page.locator(".suggest-item").first).to_be_visible()


def _aims(page: Page) -> None:
    page.get_by_role("button", name="List aims").click()
    expect(page.get_by_role("slider", name="Variety")).to_be_visible()


def _presets(page: Page) -> None:
    page.get_by_role("button", name="Presets").click()
    expect(page.get_by_label("Name of the preset")).to_be_visible()


def _genres(page: Page) -> None:
    page.get_by_role("combobox", name="Genres").click()
    expect(page.get_by_role("option", name="Drama")).to_be_visible()


def _preview(page: Page) -> None:
    page.locator(".drop input").set_input_files(EXPORT)
    expect(page.get_by_role("button", name="Take it in")).to_be_visible()


def _answer(page: Page) -> None:
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".answer-table td").first).to_be_visible()


def _nothing(page: Page) -> None:
    """The page as it comes."""


@dataclass(frozen=True)
class State:
    """A page in a state that somebody meets: {user} stands for a person with a name and a history."""

    name: str
    path: str
    open: Callable[[Page], None] = _nothing
    width: int = 1280


STATES = {
    "films": [
        State("first page", "/?user={user}"),
        State("all films", "/list?k=12&user={user}"),
        State("all films, aims open", "/list?k=12&user={user}", _aims),
        State("similar films", f"/seeds?k=12&movies={MATRIX}&user={{user}}"),
        State("popular films", "/popular?k=12&user={user}"),
        State("a film", f"/movies/{MATRIX}?user={{user}}"),
        State("together", "/together?k=12&user={user}&people={user},17"),
    ],
    "nobody": [
        State("first page of nobody", "/?user="),
        State("first page of somebody new", "/?user=424242"),
        State("all films of nobody", "/list?k=12&user="),
        State("first visit", "/welcome"),
        State("similar films, none picked", "/seeds?user="),
        State("popular films of nobody", "/popular?k=12&user="),
        State("a film of nobody", f"/movies/{MATRIX}?user="),
        State("together of nobody", "/together?user="),
        State("no such page", "/nowhere"),
        State("no such film", "/movies/99999999"),
    ],
    "person": [
        State("first visit, going on", "/welcome?user={user}"),
        State("library", "/library?user={user}&show=rated"),
        State("watchlist", "/library?user={user}"),
        State("library, empty shelf", "/library?user={user}&show=notes"),
        State("library of nobody", "/library?user="),
        State("profile", "/profile?user={user}"),
        State("profile of nobody", "/profile?user="),
        State("taste", "/you?user={user}"),
        State("taste of somebody new", "/you?user=424242"),
        State("year in review", "/you/year?user={user}"),
        State("time machine", "/you/time-machine?user={user}"),
        State("import", "/import?user={user}"),
        State("import, a file looked at", "/import?user={user}", _preview),
    ],
    "app": [
        State("dashboard", "/dashboard"),
        State("leaderboard", "/leaderboard"),
        State("explore", "/explore"),
        State("analysis", "/analysis"),
        State("analysis, answered", "/analysis", _answer),
    ],
    "opened": [
        State("people to choose from", "/leaderboard?user={user}", _people),
        State("a new profile", "/profile?user=", _new_profile),
        State("keyboard help", "/leaderboard", _keys),
        State("menu of a card", "/popular?k=12&user={user}", _menu),
        State("something told", "/popular?k=12&user={user}", _told),
        State("more pages", "/leaderboard", _more),
        State("suggestions", "/leaderboard", _search),
        State("presets", "/list?k=12&user={user}", _presets),
        State("genres to choose from", "/popular?k=12&user={user}", _genres),
        State("popular films on a tablet", "/popular?k=12&user={user}", width=800),
        State("first page on a phone", "/?user={user}", width=360),
        State("more pages on a phone", "/leaderboard", _more, width=360),
    ],
}


@pytest.fixture
def ana(app: Launched) -> Iterator[int]:
    """A person with a name, the ratings of user 42, and something on every shelf but the notes."""

    def sent(answer: Any) -> Any:
        assert answer.is_success, answer.text
        return answer.json()

    client = app.client
    user_id = int(sent(client.post("/profiles", json={"name": "Ana of the tests"}))["user_id"])
    ratings = sent(client.get("/users/42/ratings"))["ratings"]
    for one in ratings[:40]:
        sent(client.put(f"/users/{user_id}/ratings/{one['movie_id']}", json={"rating": one["rating"]}))
    for movie_id, kind in enumerate(("watchlist", "watched", "like", "hide"), start=1):
        told = {"user_id": user_id, "movie_id": movie_id, "event_type": kind}
        sent(client.post("/feedback", json=told))
    yield user_id
    sent(client.delete(f"/profiles/{user_id}"))


def complaints(page: Page, rules: object) -> list[str]:
    """What axe-core finds, after a second look: the editor of SQL changes its colours a moment later."""
    found: list[str] = []
    for _ in range(10):
        found = page.evaluate(LOOK, rules)
        if not found:
            break
        page.wait_for_timeout(200)
    return found


@pytest.mark.parametrize("states", STATES.values(), ids=STATES)
def test_no_page_keeps_anybody_out(browser: Browser, app: Launched, ana: int, states: list[State]) -> None:
    wrong: list[str] = []
    with visit(browser, app) as (page, faults):
        page.add_init_script(AXE_SCRIPT)
        for state in states:
            faults.clear()
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
            page.set_viewport_size({"width": state.width, "height": 800})
            # The page before must not go anywhere by itself meanwhile.
            page.goto("about:blank")
            answer = page.goto("/ui" + state.path.format(user=ana))
            page.wait_for_function(WHOLE)
            state.open(page)
            page.wait_for_function(WHOLE)
            for theme, rules in LOOKS.items():
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                wrong += [f"{state.name}, {theme}: {found}" for found in complaints(page, rules)]
            assert answer is not None
            # The browser itself notes that a page is missing.
            missing = f"the server responded with a status of {answer.status}"
            wrong += [f"{state.name}: {fault}" for fault in faults if answer.ok or missing not in fault]
    assert wrong == [], "\n".join(wrong)
