"""Every page, and all that opens on one, as axe-core sees it: in light and in dark it finds nothing wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import PATIENCE_MS, visit
from tests.e2e.launcher import Launched
from tests.thorough import IS_THOROUGH, SWITCH

ASKED_FOR = pytest.mark.skipif(not IS_THOROUGH, reason=f"takes a minute: set {SWITCH}=1 to run it")
EXPORT = Path(__file__).parent.parent / "sources" / "exports" / "letterboxd" / "ratings.csv"
MATRIX = 2571
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# The dark theme changes colours and nothing else.
LOOKS = {"light": {"type": "tag", "values": RULES}, "dark": ["color-contrast", "link-in-text-block"]}
# Of what a page repeats the first few are looked at: the others differ by their words alone.
LOOK = """async rules => {
    for (const more of document.querySelectorAll(
        ".shelf:nth-of-type(n+3), .card:nth-child(n+4), .rated-row:nth-child(n+4), tbody tr:nth-child(n+4)"))
        more.remove();
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
    """A page as somebody meets it, and what is opened on it, one after the other.

    {user} stands for a person with a name and a history.
    """

    path: str
    opens: tuple[Callable[[Page], None], ...] = (_nothing,)
    width: int = 1280


# The page with the most on it.
USUAL = (State("/list?k=12&user={user}", (_presets, _aims)),)
OTHERS = (
    State(f"/movies/{MATRIX}?user={{user}}"),
    State("/leaderboard?user={user}", (_nothing, _people, _keys, _more, _search)),
    State("/list?k=12&user={user}", (_nothing, _more), width=360),
    State("/?user={user}"),
    State(f"/seeds?k=12&movies={MATRIX}&user={{user}}"),
    State("/popular?k=12&user={user}", (_menu, _told, _genres)),
    State("/together?k=12&user={user}&people={user},17"),
    State("/?user="),
    State("/welcome?user={user}"),
    State("/nowhere"),
    State("/library?user={user}&show=rated"),
    State("/library?user={user}&show=notes"),
    State("/profile?user={user}"),
    State("/profile?user=", (_new_profile,)),
    State("/you?user={user}"),
    State("/you?user=424242"),
    State("/you/year?user={user}"),
    State("/you/time-machine?user={user}"),
    State("/import?user={user}", (_nothing, _preview)),
    State("/dashboard"),
    State("/explore"),
    State("/analysis", (_answer,)),
    State("/popular?k=12&user={user}", width=800),
)


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


def seen(page: Page, state: State, user_id: int) -> Iterator[str]:
    """Open everything there is to open in a state; yield what is wrong with what is seen then."""
    page.set_viewport_size({"width": state.width, "height": 800})
    page.goto("/ui" + state.path.format(user=user_id))
    for opened in state.opens:
        page.wait_for_function(WHOLE)
        opened(page)
        page.wait_for_function(WHOLE)
        for theme, rules in LOOKS.items():
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            yield from (f"{opened.__name__}, {theme}: {found}" for found in complaints(page, rules))
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("states", [USUAL, pytest.param(OTHERS, marks=ASKED_FOR)], ids=["usual", "others"])
def test_no_page_keeps_anybody_out(
    browser: Browser, app: Launched, ana: int, states: tuple[State, ...]
) -> None:
    wrong: list[str] = []
    with visit(browser, app) as (first, faults):
        first.context.add_init_script(AXE_SCRIPT)
        for state in states:
            # A tab of its own: what the page before still does ends with it.
            page = first.context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.on("pageerror", lambda error: faults.append(str(error)))
            wrong += [f"{state.path}, {found}" for found in seen(page, state, ana)]
            wrong += [f"{state.path}: {fault}" for fault in faults]
            faults.clear()
            page.close()
    assert wrong == [], "\n".join(wrong)
