"""The pages in a real browser, on the bundled release: what people do there and should never see."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import Theme, visit
from tests.e2e.launcher import Launched
from tests.thorough import IS_THOROUGH

MATRIX = 2571


@pytest.fixture(scope="module")
def tab(browser: Browser, app: Launched) -> Iterator[tuple[Page, list[str]]]:
    """One tab for all tests of this file: a new one takes longer to come up than most of them take."""
    with visit(browser, app) as (page, faults):
        yield page, faults


def as_new(tab: tuple[Page, list[str]], *, width: int) -> Iterator[Page]:
    """Hand the tab over to somebody who was never here, and in which nothing may fail."""
    page, faults = tab
    page.context.clear_cookies()
    page.set_viewport_size({"width": width, "height": 800})
    faults.clear()
    yield page
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    assert faults == []


@pytest.fixture
def page(tab: tuple[Page, list[str]]) -> Iterator[Page]:
    """A page from which nothing may leave the machine."""
    yield from as_new(tab, width=1280)


@pytest.fixture
def phone(tab: tuple[Page, list[str]]) -> Iterator[Page]:
    """The same on a narrow phone."""
    yield from as_new(tab, width=360)


def kept(app: Launched) -> dict[int, float]:
    """What user 17 has rated, by movie."""
    answer = app.client.get("/users/17/ratings").json()
    return {rated["movie_id"]: rated["rating"] for rated in answer["ratings"]}


def forget(app: Launched) -> None:
    """Take back user 17's rating of The Matrix, if there is one."""
    assert MATRIX not in kept(app) or app.client.delete(f"/users/17/ratings/{MATRIX}").is_success


def test_somebody_known_gets_films_with_reasons_and_pictures(page: Page) -> None:
    page.goto("/ui/?user=17")
    expect(page.get_by_role("heading", level=1)).to_have_text("For user 17")
    expect(page.locator(".shelf-films .card-link").nth(30)).to_be_attached()
    expect(page.locator(".card-reason").filter(has_text="Because you liked").first).to_be_visible()
    picture = page.locator(".card img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())


def test_tab_goes_from_row_to_row_and_arrows_from_film_to_film(page: Page) -> None:
    page.goto("/ui/?user=17")
    rows = page.locator(".shelf-films:not([aria-busy])")
    expect(rows.nth(2)).to_be_visible()
    first = rows.nth(0).locator(".card-link")
    first.nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(first.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1).locator(".card-link:focus")).to_have_count(1)
    see_all = page.get_by_role("link", name="See all: ")
    see_all.nth(1).focus()
    page.keyboard.press("Tab")
    expect(rows.nth(1).locator(".card-link").nth(0)).to_be_focused()
    see_all.nth(0).click()
    page.wait_for_url("**/ui/list?user=17")
    expect(page.get_by_role("heading", level=1)).to_have_text("All films for user 17")


def test_the_first_arrow_key_takes_the_first_film_in_view(page: Page) -> None:
    page.goto("/ui/popular")
    films = page.locator(".card-link")
    expect(films.nth(20)).to_be_attached()
    page.keyboard.press("ArrowDown")
    expect(films.nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(films.nth(1)).to_be_focused()
    page.reload()
    films.nth(20).scroll_into_view_if_needed()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".card-link:focus")).to_be_in_viewport()
    # What has arrow keys of its own keeps them.
    page.get_by_role("combobox", name="Genres").click()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".card-link:focus")).to_have_count(0)


def test_arrow_keys_scroll_where_no_film_is(page: Page) -> None:
    page.goto("/ui/explore")
    expect(page.locator("svg.plot").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("scrollY > 0")


def test_somebody_unknown_gets_a_notice_and_popular_films(page: Page) -> None:
    page.goto("/ui/?user=424242")
    expect(page.get_by_text("User 424242 has no ratings yet, so these are popular films.")).to_be_visible()
    expect(page.locator(".card-reason").first).to_have_text("Liked by many.")


def test_a_change_on_the_page_leaves_the_theme_alone(page: Page) -> None:
    page.goto("/ui/popular?user=42")
    page.locator(".card").first.wait_for()
    page.evaluate(
        "new MutationObserver(() => (window.isThemeSet = true)).observe(document.body, {attributes: true})"
    )
    page.locator(".card-link").first.press("w")
    expect(page.locator(".told")).to_contain_text("watchlist")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".told")).to_contain_text("as it was before")
    assert not page.evaluate("window.isThemeSet")


def test_a_film_that_changes_its_place_leaves_the_style_of_the_others(page: Page, browser: Browser) -> None:
    page.goto("/ui/list?user=42")
    page.locator(".card").nth(12).wait_for()
    page.wait_for_function("window.did_handshake && document.fonts.status === 'loaded'")
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.evaluate("""() => {
        const list = document.querySelector(".card").parentElement;
        list.prepend(list.lastElementChild);
        return list.offsetHeight;
    }""")
    seen = json.loads(browser.stop_tracing())["traceEvents"]
    styled = [one["args"]["elementCount"] for one in seen if "elementCount" in one.get("args", {})]
    assert 0 < max(styled) < page.locator(".card *").count() / 2


def test_the_keyboard_stays_with_a_film_that_is_moved(page: Page) -> None:
    page.goto("/ui/list?user=42")
    link = page.locator(".card-link").nth(2)
    link.focus()
    # As the page does when a list gets another order.
    page.evaluate("""() => {
        const card = document.activeElement.closest(".card");
        card.parentElement.append(card);
    }""")
    expect(page.locator(".card-link").last).to_be_focused()
    page.locator("h1").click()
    page.evaluate("() => document.querySelector('.grid').append(document.querySelector('.card'))")
    page.wait_for_timeout(200)
    assert page.evaluate(
        "document.activeElement === document.body || document.activeElement.matches('.main')"
    )


def test_stars_are_kept_until_they_are_taken_back(page: Page, app: Launched) -> None:
    forget(app)
    page.goto(f"/ui/movies/{MATRIX}?user=17")
    page.locator("[aria-label='Your rating of The Matrix'] label[title='4.5 stars']").click()
    expect(page.get_by_text("The Matrix: 4.5 stars saved.")).to_be_visible()
    assert kept(app)[MATRIX] == 4.5
    page.reload()
    stars = page.get_by_role("group", name="Your rating of The Matrix", exact=True)
    expect(stars.get_by_role("radio", name="4.5 stars")).to_be_checked()
    page.get_by_role("button", name="Remove your rating of The Matrix", exact=True).click()
    expect(page.get_by_text("The Matrix: rating removed.")).to_be_visible()
    expect(stars.get_by_role("radio", name="4.5 stars")).not_to_be_checked()
    assert MATRIX not in kept(app)


def test_stars_in_the_menu_of_a_card_are_those_of_the_menu(page: Page) -> None:
    page.goto("/ui/list?user=23")
    page.locator(".card-link").nth(3).press("m")
    menu = page.get_by_role("dialog")
    menu.locator("label[title='4 stars']").click()
    expect(page.locator(".told")).to_contain_text("4 stars saved.")
    expect(menu).to_be_hidden()


def test_arrow_keys_choose_stars_and_save_once_they_are_confirmed_or_left(
    browser: Browser, app: Launched
) -> None:
    forget(app)
    with visit(browser, app) as (page, faults):
        page.goto(f"/ui/movies/{MATRIX}?user=17")
        page.get_by_role("radio", name="0.5 stars").first.focus()
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        # A while that is longer than a rest of the hand.
        page.wait_for_timeout(1000)
        assert MATRIX not in kept(app)
        page.keyboard.press("Enter")
        expect(page.get_by_text("The Matrix: 3 stars saved.")).to_be_visible()
        assert kept(app)[MATRIX] == 3.0
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Tab")
        expect(page.get_by_text("The Matrix: 2.5 stars saved.")).to_be_visible()
        assert kept(app)[MATRIX] == 2.5
        # A number rates films in a list only: here it changes nothing about what is chosen.
        page.get_by_role("radio", name="2.5 stars").first.focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("4")
        page.keyboard.press("Enter")
        expect(page.get_by_text("The Matrix: 2 stars saved.")).to_be_visible()
        page.goto("/ui/list?user=17")
        card = page.locator(".card").nth(1)
        film = int(card.get_attribute("data-film") or 0)
        card.get_by_role("radio", name="2 stars").focus()
        page.keyboard.press("ArrowRight")
        # A number counts whatever the arrow keys chose.
        page.keyboard.press("5")
        expect(page.locator(f'[data-film="{film}"]')).to_have_count(0)
        assert kept(app)[film] == 5
        # Escape gives the choice up.
        card = page.locator(".card").nth(2)
        card.get_by_role("radio", name="2 stars").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Escape")
        expect(card.locator(".stars input:checked")).to_have_count(0)
        page.keyboard.press("Tab")
        page.wait_for_timeout(300)
        assert int(card.get_attribute("data-film") or 0) not in kept(app)
        # A star that is pressed counts, however long that takes.
        card = page.locator(".card").nth(2)
        film = int(card.get_attribute("data-film") or 0)
        card.get_by_role("radio", name="2 stars").focus()
        page.keyboard.press("ArrowRight")
        card.locator('.stars label[title="4.5 stars"]').click(delay=500)
        expect(page.locator(f'[data-film="{film}"]')).to_have_count(0)
        assert kept(app)[film] == 4.5
        assert faults == []
    forget(app)


def test_a_double_click_on_a_star_rates_one_film(page: Page, app: Launched) -> None:
    page.goto("/ui/list?user=17")
    card = page.locator(".card").nth(1)
    film, before = int(card.get_attribute("data-film") or 0), kept(app)
    star = card.locator('.stars label[title="4.5 stars"]')
    star.scroll_into_view_if_needed()
    box = star.bounding_box()
    assert box is not None
    place = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*place)
    expect(page.locator(f'[data-film="{film}"]')).to_have_count(0)
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    page.wait_for_timeout(500)
    assert kept(app) == before | {film: 4.5}
    assert app.client.delete(f"/users/17/ratings/{film}").is_success


def test_filters_that_are_taken_off_leave_the_keyboard_beside_them(page: Page) -> None:
    page.goto("/ui/list?user=17&genres=Comedy,Drama,Western")
    page.get_by_role("button", name="Remove Comedy").click()
    expect(page.get_by_role("button", name="Remove Comedy")).to_have_count(0)
    page.get_by_role("button", name="Remove Drama").click()
    page.wait_for_url("**genres=Western")
    expect(page.get_by_role("button", name="Remove Western")).to_be_visible()
    page.get_by_role("button", name="Clear filters").press("Enter")
    expect(page.get_by_role("combobox", name="Genres")).to_be_focused()
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto("/ui/list?user=17&genres=Comedy,Drama")
    page.get_by_role("button", name="Take the filter off: Comedy").press("Enter")
    page.get_by_role("button", name="Take the filter off: Drama").and_(page.locator(":focus")).press("Enter")
    expect(page.get_by_role("button", name="Filters", exact=True)).to_be_focused()


@pytest.mark.parametrize(("system", "other"), [("light", "dark"), ("dark", "light")])
def test_every_click_on_the_theme_changes_what_is_seen(
    browser: Browser, app: Launched, system: Theme, other: Theme
) -> None:
    with visit(browser, app, theme=system) as (page, _):
        page.goto("/ui/popular")
        for theme in (other, system, other):
            page.get_by_role("button", name="Switch between dark and light").click()
            expect(page.locator("html")).to_have_css("color-scheme", theme)
            # What NiceGUI's own parts of the page go by.
            expect(page.locator("body")).to_have_class(re.compile(f"body--{theme}"))
        page.reload()
        expect(page.locator("html")).to_have_css("color-scheme", other)
        expect(page.locator("body")).to_have_class(re.compile(f"body--{other}"))


def test_notices_on_a_phone_cover_neither_navigation_nor_buttons(phone: Page) -> None:
    phone.goto("/ui/popular?user=515151")
    phone.locator(".card .stars label").nth(8).click()
    told = phone.locator(".told").filter(has_text="saved.")
    expect(told).to_be_visible()
    phone.wait_for_timeout(500)
    box = told.bounding_box()
    assert box is not None
    for other in (".header", ".nav"):
        covered = phone.locator(other).bounding_box()
        assert covered is not None
        assert box["y"] + box["height"] <= covered["y"] or covered["y"] + covered["height"] <= box["y"], other


def test_filters_on_a_phone_are_counted_named_and_taken_off(phone: Page) -> None:
    phone.goto("/ui/popular?window=month&genres=Drama")
    expect(phone.get_by_role("button", name="Filters · 2")).to_be_visible()
    expect(phone.get_by_text("25 Aug 2018 – 24 Sep 2018")).to_be_visible()
    expect(phone.locator(".card-likes").first).to_have_text("4 likes")
    phone.get_by_role("button", name="Take the filter off: Drama").click()
    expect(phone.get_by_role("button", name="Filters · 1")).to_be_visible()
    phone.wait_for_url("**/ui/popular?window=month")
    phone.get_by_role("button", name="Take the filter off: The last month").click()
    expect(phone.get_by_role("button", name="Filters", exact=True)).to_be_visible()
    expect(phone.get_by_text("25 Aug 2018 – 24 Sep 2018")).to_have_count(0)


# What has the most side by side comes first.
PAGES = (
    *("/?user=17", "/list?user=17", f"/movies/{MATRIX}?user=17", "/dashboard"),
    *("/?user=", "/seeds", "/profile?user=17", "/library?user=17&show=rated", "/import?user=17"),
)


def test_no_page_is_wider_than_a_phone(phone: Page) -> None:
    wide = "nodes => nodes.filter(n => n.getBoundingClientRect().right > innerWidth).map(n => n.outerHTML)"
    # Rows of films go on sideways.
    cards = ".card:not(.shelf-films > .card), .shelf-films"
    for path in PAGES if IS_THOROUGH else PAGES[:4]:
        phone.goto(f"/ui{path}")
        phone.locator(".card, .chip, .rated-row, .table-scroll, .figure, .drop").first.wait_for()
        inside = phone.locator(f"h1, h2, .panel, .panel-title, {cards}, .chips > li, .figure, .lede, .notice")
        assert inside.evaluate_all(wide) == [], path
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_film_page_tells_its_place_and_the_ratings_that_carry_it(page: Page) -> None:
    page.goto("/ui/?user=42")
    page.locator(".top-name").click()
    why = page.get_by_role("region", name="Why this film")
    expect(why).to_contain_text("films you have not rated")
    expect(why.locator(".why-row").first).to_contain_text("Without your")


def test_aims_are_set_by_keyboard_and_taken_off_by_their_chip(page: Page) -> None:
    page.goto("/ui/list?user=17")
    page.get_by_role("button", name="List aims").press("Enter")
    slider = page.get_by_role("slider", name="Variety")
    expect(slider).to_have_attribute("aria-valuetext", "by fit alone")
    slider.focus()
    # What has the keyboard is the slider itself: its name and its value are read out.
    expect(slider).to_be_focused()
    for value, words in (("0.25", "a little different"), ("0.5", "fairly different")):
        page.keyboard.press("ArrowRight")
        page.wait_for_url(f"**/ui/list?user=17&variety={value}")
        expect(slider).to_have_attribute("aria-valuetext", words)
    page.get_by_role("switch", name="Discover further down").press("Space")
    page.wait_for_url("**/ui/list?user=17&variety=0.5&discover=0")
    page.get_by_role("button", name="Take the aim off: Variety 0.5").click()
    page.wait_for_url("**/ui/list?user=17&discover=0")
    expect(slider).to_have_value("0")
    expect(slider).to_have_attribute("aria-valuetext", "by fit alone")


def test_a_wide_table_says_on_a_phone_that_it_scrolls(phone: Page) -> None:
    phone.goto("/ui/dashboard")
    table = phone.get_by_role("region", name="Returning users")
    expect(phone.get_by_text("Swipe sideways for all columns.").last).to_be_visible()
    table.scroll_into_view_if_needed()
    table.evaluate("box => box.scrollTo({left: box.scrollWidth})")
    expect(table.get_by_role("columnheader", name="MRR")).to_be_in_viewport()
    expect(table.get_by_role("rowheader", name="ALS")).to_be_in_viewport()


# The smallest letters of the drawings as they are seen: a drawing is as wide as the page lets it be.
LETTERS = """drawings => Math.min(...drawings.flatMap(one => [...one.querySelectorAll("text")].map(text =>
    parseFloat(getComputedStyle(text).fontSize) * one.clientWidth / one.viewBox.baseVal.width)))"""


def test_the_letters_of_a_plot_can_be_read_on_a_phone(phone: Page) -> None:
    phone.goto("/ui/explore")
    plots = phone.locator("svg.plot")
    expect(plots.first).to_be_visible()
    assert plots.evaluate_all(LETTERS) >= 11
    box = phone.get_by_role("region", name="How many stars people give")
    box.evaluate("box => box.scrollTo({left: box.scrollWidth})")
    expect(box.locator("text").filter(has_text="30 %")).not_to_be_in_viewport()


def test_the_search_suggests_while_typing_and_opens_the_film(page: Page) -> None:
    page.goto("/ui/popular")
    page.get_by_label("Find a film").press_sequentially("the matr", delay=30)
    page.locator(".suggest-item").filter(has_text="The Matrix").first.click()
    page.wait_for_url(f"**/ui/movies/{MATRIX}*")
    expect(page.get_by_role("heading", level=1)).to_have_text("The Matrix")


def test_similar_films_name_the_seed_and_the_dashboard_names_the_version(page: Page, app: Launched) -> None:
    page.goto(f"/ui/seeds?movies={MATRIX}")
    expect(page.locator(".card-reason").first).to_have_text("Similar to The Matrix.")
    page.locator(".nav-more summary").click()
    page.get_by_role("link", name="Dashboard").click()
    live = page.locator(".figure").filter(has_text="Live version")
    expect(live).to_contain_text(f"v{app.health()['live_version']}")
    expect(page.get_by_role("region", name="Returning users")).to_contain_text("ALS")
