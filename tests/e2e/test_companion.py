"""A person's way through the app in a real browser: from a new profile to the same profile elsewhere."""

import json
import re
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import visit
from tests.e2e.conftest import Prepared
from tests.e2e.launcher import Launched

# As Letterboxd writes it and a spreadsheet saves it: a mark at the start, commas and quotes within titles, a
# blank line. No release has the last film.
EXPORT = """\ufeffDate,Name,Year,Letterboxd URI,Rating\r
2024-01-05,"Good, the Bad and the Ugly, The",1966,https://boxd.it/1,5\r
2024-01-06,Amélie,2001,https://boxd.it/2,4.5\r
2024-01-07,"Monsters, Inc.",2001,https://boxd.it/3,4\r
\r
2024-01-08,"Nowhere, ""The"" Film",1999,https://boxd.it/4,1\r
"""
FROM_EXPORT = {1201: 5.0, 4973: 4.5, 4886: 4.0}


def listed(app: Launched, user_id: int) -> list[int]:
    """The films that the app recommends somebody."""
    answer = app.client.post("/recommend", json={"user_id": user_id, "k": 20}).json()
    return [result["movie_id"] for result in answer["results"]]


def rated(app: Launched, user_id: int) -> dict[int, float]:
    """What somebody rated, by movie."""
    ratings = app.client.get(f"/users/{user_id}/ratings").json()["ratings"]
    return {one["movie_id"]: one["rating"] for one in ratings}


def first_film(page: Page) -> str:
    """The film of the first card."""
    film = page.locator(".card").first.get_attribute("data-film")
    assert film is not None
    return film


def make_profile(page: Page) -> int:
    """Make a profile as a person does, and return its id."""
    page.goto("/ui/popular?user=")
    page.get_by_role("button", name="Choose who is watching").click()
    page.get_by_role("button", name="New profile").click()
    page.get_by_label("Name").fill("Ana")
    page.get_by_role("radio", name="Green").check()
    page.get_by_role("button", name="Make this profile").click()
    page.wait_for_url(re.compile(r"user=\d+"))
    expect(page.get_by_role("button", name="Ana is watching. Change")).to_have_text("A")
    return int(page.url.partition("user=")[2])


def rate_three(page: Page) -> None:
    """Rate the first film of the list with the keyboard alone, three times: each makes another list."""
    for _ in range(3):
        film = first_film(page)
        page.locator(f'[data-film="{film}"] .card-link').focus()
        page.keyboard.press("5")
        expect(page.locator(f'[data-film="{film}"]')).to_have_count(0)
        expect(page.locator(".told")).to_contain_text("5 stars saved.")
        # The keyboard goes on where it was.
        expect(page.locator(f'[data-film="{first_film(page)}"] .card-link')).to_be_focused()


def rate_with_the_mouse(page: Page) -> None:
    """Rest on a star, press it and let it go, as a hand does: the film leaves with just these stars."""
    card = page.locator(".card").nth(1)
    film, star = card.get_attribute("data-film"), card.locator('.stars label[title="4.5 stars"]')
    card.hover()
    star.hover()
    page.wait_for_timeout(100)
    star.click(delay=60)
    expect(page.locator(f'[data-film="{film}"]')).to_have_count(0)
    expect(page.locator(".told")).to_contain_text("4.5 stars saved.")


def hide_and_undo(page: Page, user_id: int) -> None:
    """Hide a film of the list, which leaves at once, and take that back."""
    page.goto(f"/ui/list?user={user_id}")
    card = page.locator(".card").nth(2)
    film = card.get_attribute("data-film")
    card.hover()
    card.get_by_role("button", name=re.compile("Never show again")).click()
    expect(page.locator(f'[data-film="{film}"]')).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f'[data-film="{film}"]')).to_have_count(1)
    expect(page.locator(".card").nth(2)).to_have_attribute("data-film", str(film))


def take_in(page: Page, file: Path, sentence: str) -> None:
    """Import a file with what the page proposes."""
    page.locator(".drop input").set_input_files(file)
    page.get_by_role("button", name="Take it in").click()
    expect(page.locator(".notice-good")).to_contain_text(sentence)


def test_a_profile_is_made_used_fed_from_elsewhere_and_taken_along(
    browser: Browser, app: Launched, prepared: Prepared, tmp_path: Path
) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(EXPORT, encoding="utf-8", newline="")
    elsewhere = Path(shutil.copytree(prepared.data, tmp_path / "elsewhere"))
    with visit(browser, app) as (page, faults):
        ana = make_profile(page)
        rate_three(page)
        rate_with_the_mouse(page)
        hide_and_undo(page, ana)
        by_hand = rated(app, ana)
        assert sorted(by_hand.values()) == [4.5, 5, 5, 5]
        page.goto("/ui/import")
        take_in(page, file, "Added 3 ratings.")
        assert rated(app, ana) == by_hand | FROM_EXPORT
        page.goto("/ui/import")
        take_in(page, file, "Nothing in it is new.")
        page.goto("/ui/import")
        with page.expect_download() as given:
            page.get_by_role("link", name="Export Ana as JSON").click()
        taken = tmp_path / "ana.json"
        given.value.save_as(taken)
        assert faults == []
    assert json.loads(taken.read_text(encoding="utf-8"))["name"] == "Ana"

    # Not before it is needed: what an app works out ahead takes the processor from the one that is asked.
    with Launched(elsewhere, is_warm=True) as other:
        other.wait_for("ok")
        assert other.client.get("/profiles").json()["profiles"] == []
        with visit(browser, other) as (page, faults):
            page.goto("/ui/import")
            take_in(page, taken, "Added 7 ratings.")
            page.get_by_role("link", name="See the list").click()
            expect(page.get_by_role("button", name="Ana is watching. Change")).to_be_visible()
            assert faults == []
        (profile,) = other.client.get("/profiles").json()["profiles"]
        assert (profile["name"], profile["color"]) == ("Ana", "#047857")
        assert rated(other, profile["user_id"]) == rated(app, ana)
        assert listed(other, profile["user_id"]) == listed(app, ana)
