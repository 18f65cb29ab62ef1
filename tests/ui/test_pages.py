"""What holds for every page: one title, the status, the search, errors as sentences, the theme."""

import asyncio
import logging
import re

import pytest
from nicegui.testing import User
from ui_fakes import FakeCatalogue

from movieapp.errors import NotReady
from movieapp.ui.notices import UNEXPECTED, readable_stage
from movieapp.ui.services import Services

PAGES = [
    "/",
    "/seeds",
    "/popular",
    "/movies/1",
    "/profile?user=17",
    "/library?user=17",
    "/import?user=17",
    "/dashboard",
    "/leaderboard",
]


async def test_the_search_finds_a_film_and_enter_opens_it(user: User) -> None:
    await user.open("/dashboard")
    user.find(marker="search").type("matr")
    await user.should_see(marker="suggest-3")
    user.find(marker="search").trigger("keydown.enter")
    await user.should_see("Similar to The Matrix.", retries=20)


async def test_a_search_without_result_says_so(user: User) -> None:
    await user.open("/")
    user.find(marker="search").type("zzz")
    await user.should_see("No film matches “zzz”.")


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_shows_the_start_and_then_itself(user: User, services: Services, path: str) -> None:
    films: FakeCatalogue = services.recommender.films  # type: ignore[attr-defined]
    services.recommender.films = None  # type: ignore[attr-defined]
    services.status.working("ingest: ratings", 0.4)
    await user.open(path)
    await user.should_see("Getting your cinema ready")
    await user.should_see("Reading ratings · 40 %")
    services.recommender.films = films  # type: ignore[attr-defined]
    await user.should_not_see("Getting your cinema ready", retries=40)


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_has_one_title_and_the_status(user: User, path: str) -> None:
    await user.open(path)
    assert [e.tag for e in user.current_layout.descendants()].count("h1") == 1
    with user.scope(marker="status"):
        await user.should_see("Ready")


async def test_the_status_follows_what_the_app_does(user: User, services: Services) -> None:
    await user.open("/")
    services.status.working("training als", 0.5)
    with user.scope(marker="status"):
        await user.should_see("Working 50%", retries=30)
    services.status.degraded("The registry cannot be read.")
    await user.should_see("Degraded", retries=30)
    await user.should_see("The registry cannot be read.")


@pytest.mark.parametrize("path", ["/?user=17", "/seeds?movies=1", "/popular"])
async def test_an_error_shows_as_its_sentence(user: User, services: Services, path: str) -> None:
    services.recommender.trouble = NotReady("Come back in a minute.")  # type: ignore[attr-defined]
    await user.open(path)
    await user.should_see("Come back in a minute.")
    await user.should_see("Try again")


@pytest.mark.parametrize("path", ["/?user=17", "/movies/1"])
async def test_what_nobody_foresaw_is_a_sentence_too_and_logged(
    user: User, services: Services, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    services.recommender.trouble = ZeroDivisionError("secret detail")  # type: ignore[attr-defined]
    await user.open(path)
    await user.should_see(UNEXPECTED)
    await user.should_not_see("secret detail")
    assert any(record.levelno == logging.ERROR and record.exc_info for record in caplog.records)


@pytest.mark.parametrize(
    ("is_system_dark", "first", "second"), [(True, "light", "auto"), (False, "dark", "auto")]
)
async def test_a_theme_unlike_the_systems_is_remembered(
    user: User, is_system_dark: bool, first: str, second: str
) -> None:
    await user.open("/")
    for theme in (first, second, first):
        user.find(marker="theme").trigger("click", is_system_dark)
        await asyncio.sleep(0)
        response = await user.http_client.get("/")
        assert f'dataset.theme = "{theme}"' in response.text


async def test_posters_are_served_to_be_kept(user: User) -> None:
    response = await user.http_client.get("/posters/1.svg")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("image/svg+xml")
    assert "max-age=31536000" in response.headers["cache-control"]
    assert (await user.http_client.get("/posters/777.svg")).status_code == 404


async def test_there_are_no_posters_before_there_are_films(user: User, services: Services) -> None:
    services.recommender.films = None  # type: ignore[attr-defined]
    assert (await user.http_client.get("/posters/1.svg")).status_code == 503


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("ingest: ratings", "Reading ratings"),
        ("training", "Training"),
        ("fit_als: ", "Fit als"),
        ("tuning: als", "Tuning: als"),
    ],
)
def test_a_stage_is_told_in_words(stage: str, words: str) -> None:
    assert readable_stage(stage) == words


@pytest.mark.parametrize("path", ["/popular", "/explore", "/seeds"])
async def test_the_navigation_marks_the_page_that_one_is_on(user: User, path: str) -> None:
    await user.open(path)
    (links,) = (one for one in user.current_layout.descendants() if "nav" in one.classes)
    marked = re.findall(r'<a [^>]*href="([^"]*)"[^>]*aria-current="page"', links.content)  # type: ignore[attr-defined]
    assert marked == [path]
