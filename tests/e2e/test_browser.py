"""The pages in a real browser, on the bundled release: what people do there and should never see."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.launcher import Launched

MATRIX = 2571
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here; each test has a profile of its own in it."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, launched: Launched) -> Iterator[tuple[Page, list[str]]]:
    """Open a fresh profile; hand over its page, and what went wrong in it as it happens."""
    context = browser.new_context(base_url=launched.address, viewport={"width": 1280, "height": 900})
    faults: list[str] = []
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    context.on("request", lambda request: faults.extend(_elsewhere(request.url)))
    page.on("websocket", lambda socket: faults.extend(_elsewhere(socket.url)))
    try:
        yield page, faults
    finally:
        context.close()


def _elsewhere(url: str) -> list[str]:
    parts = urlsplit(url)
    is_own = parts.scheme in ("data", "blob") or parts.hostname == "127.0.0.1"
    return [] if is_own else [f"asked another host: {url}"]


@pytest.fixture
def page(browser: Browser, app: Launched) -> Iterator[Page]:
    """A page in which nothing may fail, and from which nothing may leave the machine."""
    with visit(browser, app) as (page, faults):
        yield page
        assert faults == []


def test_somebody_known_gets_films_with_reasons_and_pictures(page: Page) -> None:
    page.goto("/ui/?user=17")
    expect(page.get_by_role("heading", level=1)).to_have_text("For user 17")
    assert page.locator(".card").count() >= 10
    expect(page.locator(".card-reason").filter(has_text="Because you liked").first).to_be_visible()
    picture = page.locator(".card img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())


def test_somebody_unknown_gets_a_notice_and_popular_films(page: Page) -> None:
    page.goto("/ui/?user=424242")
    expect(page.get_by_text("User 424242 has no ratings yet, so these are popular films.")).to_be_visible()
    expect(page.locator(".card-reason").first).to_have_text("Liked by many.")


def test_stars_are_kept_until_they_are_taken_back(page: Page, app: Launched) -> None:
    def kept() -> dict[int, float]:
        answer = app.client.get("/users/17/ratings").json()
        return {rated["movie_id"]: rated["rating"] for rated in answer["ratings"]}

    assert MATRIX not in kept() or app.client.delete(f"/users/17/ratings/{MATRIX}").is_success
    page.goto(f"/ui/movies/{MATRIX}?user=17")
    page.locator(f"label[for=s{MATRIX}-9]").click()
    expect(page.get_by_text("The Matrix: 4.5 stars saved.")).to_be_visible()
    assert kept()[MATRIX] == 4.5
    page.reload()
    expect(page.locator(f"#s{MATRIX}-9")).to_be_checked()
    page.get_by_role("button", name="Remove your rating of The Matrix", exact=True).click()
    expect(page.get_by_text("The Matrix: rating removed.")).to_be_visible()
    expect(page.locator(f"#s{MATRIX}-9")).not_to_be_checked()
    assert MATRIX not in kept()


def test_the_search_suggests_while_typing_and_opens_the_film(page: Page) -> None:
    page.goto("/ui/popular")
    page.get_by_label("Find a film").press_sequentially("the matr", delay=30)
    page.locator(".suggest-item").filter(has_text="The Matrix").first.click()
    page.wait_for_url(f"**/ui/movies/{MATRIX}*")
    expect(page.get_by_role("heading", level=1)).to_have_text("The Matrix")


def test_similar_films_name_the_seed_and_the_dashboard_names_the_version(page: Page, app: Launched) -> None:
    page.goto(f"/ui/seeds?movies={MATRIX}")
    expect(page.locator(".card-reason").first).to_have_text("Similar to The Matrix.")
    page.get_by_role("link", name="Dashboard").click()
    live = page.locator(".figure").filter(has_text="Live version")
    expect(live).to_contain_text(f"v{app.health()['live_version']}")
    expect(page.get_by_role("region", name="Returning users")).to_contain_text("ALS")


def test_a_page_says_so_when_the_app_is_gone(browser: Browser, data: Path) -> None:
    with Launched(data) as launched:
        launched.wait_for("ok")
        with visit(browser, launched) as (page, _):
            page.goto("/ui/popular")
            page.locator(".card").first.wait_for()
            launched.kill()
            expect(page.get_by_text("Connection lost.")).to_be_visible(timeout=15_000)
