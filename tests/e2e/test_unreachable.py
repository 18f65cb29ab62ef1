"""A page that the app does not answer: said after some seconds, and over nothing else; on any width."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import visit
from tests.e2e.launcher import REPOSITORY, Launched
from tests.thorough import IS_THOROUGH

SCRIPT = REPOSITORY / "movieapp" / "ui" / "assets" / "movieapp.js"
CUT_OFF = "isCut => document.getElementById('popup').ariaHidden = String(!isCut)"
# Pairs of parts of the header that lie over each other, and what sticks out of the page.
CROWDED = """() => {
    const seen = node => node.getBoundingClientRect();
    const parts = [...document.querySelectorAll(
        ".brand, .nav > .nav-link, .nav-more, .header-search, .header-tools > *, #popup, .main, .footer")]
        .filter(node => seen(node).width > 0);
    const meet = (one, other) => one.left < other.right - 1 && other.left < one.right - 1
        && one.top < other.bottom - 1 && other.top < one.bottom - 1;
    const isNav = node => innerWidth <= 720 && node.closest(".nav");
    const pairs = parts.flatMap((one, at) => parts.slice(at + 1).map(other => [one, other]));
    return [
        ...pairs.filter(([one, other]) => !isNav(one) === !isNav(other) && meet(seen(one), seen(other))),
        ...parts.filter(node => seen(node).right > innerWidth || seen(node).left < 0).map(node => [node]),
    ].map(found => found.map(node => node.className || node.id).join(" / "));
}"""

# Whether what is said does not fit, and is cut.
CUT = "node => node.scrollWidth > node.clientWidth"
# What stands in the header, by the class of its state; the last is said by the script alone.
STATUS = ("ok Ready", "training Working 100%", "degraded Degraded", "lost")
SAY = """(status, words) => {
    const [state, ...text] = words.split(" ");
    document.documentElement.toggleAttribute("data-lost", state === "lost");
    status.className = "nicegui-link status status-" + state;
    status.querySelector(".status-text").textContent = text.join(" ");
}"""
# Around what the style sheet tells apart; in a plain run, the narrowest of each kind.
FEW = (360, 721, 861, 1241)
MANY = (*FEW, 400, 720, 800, 900, 1024, 1240, 1280, 1340, 1440)
SMALLEST = "nodes => Math.min(...nodes.map(node => parseFloat(getComputedStyle(node).fontSize)))"


def patience_ms() -> int:
    """Return how long the app may stay silent: some seconds."""
    (found,) = re.findall(r"const LOST_MS = (\d+);", SCRIPT.read_text(encoding="utf-8"))
    assert 3000 <= int(found) <= 10_000
    return int(found)


def cut_off(page: Page, *, is_cut: bool = True) -> None:
    """Let NiceGUI believe that the connection is lost, or there again."""
    page.evaluate(CUT_OFF, is_cut)


# Let patience end when the test says so.
PATIENCE = """(() => {
const later = window.setTimeout, never = window.clearTimeout, waiting = new Map();
window.setTimeout = (act, ms, ...given) => {
  const timer = later(ms === LOST_MS ? () => {} : act, ms, ...given);
  if (ms === LOST_MS) waiting.set(timer, act);
  return timer;
};
window.clearTimeout = timer => { waiting.delete(timer); never(timer); };
window.endPatience = () => waiting.forEach((act, timer) => { waiting.delete(timer); act(); });
})()"""


def test_a_late_answer_is_no_lost_connection(browser: Browser, app: Launched) -> None:
    with visit(browser, app) as (page, _):
        page.add_init_script(PATIENCE.replace("LOST_MS", str(patience_ms())))
        page.goto("/ui/together?user=")
        page.wait_for_function("window.did_handshake")
        said = (page.get_by_text("Unreachable"), page.get_by_text("Connection lost."))
        cut_off(page)
        for one in said:
            expect(one).to_be_hidden()
        cut_off(page, is_cut=False)
        page.evaluate("endPatience()")
        for one in said:
            expect(one).to_be_hidden()
        cut_off(page)
        page.evaluate("endPatience()")
        for one in said:
            expect(one).to_be_visible()
        cut_off(page, is_cut=False)
        for one in said:
            expect(one).to_be_hidden()


def test_a_header_has_room_for_all_that_it_says(browser: Browser, app: Launched) -> None:
    with visit(browser, app) as (page, _):
        page.goto("/ui/together?user=17")
        page.locator("h1").wait_for()
        labels = page.locator(".nav > .nav-link > div")
        for width in MANY if IS_THOROUGH else FEW:
            page.set_viewport_size({"width": width, "height": 800})
            for words in STATUS:
                page.locator(".status").evaluate(SAY, words)
                assert page.evaluate(CROWDED) == [], (width, words)
                assert not page.locator(".status-text").evaluate(CUT), (width, words)
            assert labels.evaluate_all(SMALLEST) >= 11, width
