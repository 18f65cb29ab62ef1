import logging

import pytest
from nicegui.testing import User
from ui_fakes import FakeCatalogue, a_live_version

from movieapp.database import Unwritable
from movieapp.errors import NotReady
from movieapp.ui.cards import reasons_sentence
from movieapp.ui.filters import choice_of
from movieapp.ui.notices import UNEXPECTED, readable_stage
from movieapp.ui.services import Services

PAGES = ["/", "/seeds", "/popular", "/movies/1", "/profile?user=17", "/dashboard"]


async def test_the_first_page_asks_who_is_watching_and_shows_popular_films(user: User) -> None:
    await user.open("/")
    await user.should_see("What to watch tonight?")
    await user.should_see("User 17")
    await user.should_see("Toy Story")
    await user.should_see("Liked by many.")


async def test_a_known_user_sees_films_not_yet_rated_with_reasons(user: User) -> None:
    await user.open("/?user=17")
    await user.should_see("For user 17")
    await user.should_see("The Matrix")
    await user.should_see("Because you liked Toy Story")
    await user.should_not_see(marker="film-2")


async def test_filters_in_the_url_narrow_the_list(user: User) -> None:
    await user.open("/?user=17&genres=sci-fi,Drama&to=1950")
    await user.should_see("Casablanca")
    await user.should_not_see(marker="film-3")


async def test_choosing_a_genre_narrows_the_list(user: User) -> None:
    await user.open("/?user=17")
    user.find(marker="genres").elements.copy().pop().set_value(["Drama"])
    await user.should_see("Casablanca")
    await user.should_not_see(marker="film-3")
    user.find(marker="clear-filters").click()
    await user.should_see(marker="film-3")


async def test_filters_that_nothing_passes_are_explained(user: User) -> None:
    await user.open("/?user=17&from=2000")
    await user.should_see("No film passes these filters")


async def test_rating_a_film_saves_it_and_offers_to_update_the_list(user: User, services: Services) -> None:
    await user.open("/?user=17")
    user.find(marker="rate-3").trigger("change", "4.5")
    await user.should_see("The Matrix: 4.5 stars saved.")
    assert services.profiles.stars[17][3] == 4.5  # type: ignore[attr-defined]
    assert services.profiles.rated_in == ["r"]  # type: ignore[attr-defined]
    user.find(marker="update").click()
    await user.should_not_see(marker="film-3")


async def test_a_rating_that_cannot_be_saved_is_told(user: User, services: Services) -> None:
    services.profiles.refuses = Unwritable("The disk is full. Free some space and try again.")  # type: ignore[attr-defined]
    await user.open("/?user=17")
    user.find(marker="rate-3").trigger("change", "4.5")
    await user.should_see("The disk is full. Free some space and try again.")


async def test_seeds_in_the_url_are_shown_with_what_is_like_them(user: User) -> None:
    await user.open("/seeds?movies=1,3")
    await user.should_see(marker="remove-1")
    await user.should_see(marker="remove-3")
    await user.should_see("Similar to Toy Story and The Matrix.")


async def test_seeds_are_searched_for_picked_and_taken_away(user: User) -> None:
    await user.open("/seeds")
    await user.should_see("Start with a film you love")
    user.find(marker="search-seed").type("casa")
    await user.should_see(marker="suggest-4")
    user.find(marker="suggest-4").click()
    await user.should_see("Similar to Casablanca.")
    user.find(marker="remove-4").click()
    await user.should_see("Start with a film you love")


async def test_a_seed_that_is_no_film_is_told(user: User) -> None:
    await user.open("/seeds?movies=1,777,x")
    await user.should_see("No film has the number 777, x, so it is left out.")
    await user.should_see("Similar to Toy Story.")


async def test_before_a_model_is_trained_similar_films_are_announced(user: User, services: Services) -> None:
    services.recommender.live = None  # type: ignore[misc]
    await user.open("/seeds?movies=1")
    await user.should_see("What is alike is known as soon as the model is trained.")


async def test_popular_films_by_genre(user: User) -> None:
    await user.open("/popular?genres=Crime&window=year")
    await user.should_see("Heat")
    await user.should_not_see(marker="film-1")


async def test_a_film_page_shows_facts_statistics_and_similar_films(user: User) -> None:
    await user.open("/movies/1?user=17")
    await user.should_see("Toy Story")
    await user.should_see("1995")
    await user.should_see("5.00")
    await user.should_see("1 rating")
    await user.should_see("IMDb")
    await user.should_see("Similar to Toy Story.")


async def test_a_rating_on_the_film_page_can_be_removed(user: User, services: Services) -> None:
    await user.open("/movies/1?user=17")
    user.find(marker="unrate-1").click()
    await user.should_see("Toy Story: rating removed.")
    assert services.profiles.stars[17] == {2: 2.5}  # type: ignore[attr-defined]


async def test_a_film_without_year_genres_and_ratings_has_a_page(user: User) -> None:
    await user.open("/movies/5")
    await user.should_see("Untimely <b>")
    await user.should_see("No genres listed")
    await user.should_see("Nobody has rated this film yet.")


@pytest.mark.parametrize("movie_id", ["777", "abc", "99999999999999999999", "-1", "1.0"])
async def test_an_unknown_film_is_not_found(user: User, movie_id: str) -> None:
    response = await user.http_client.get(f"/movies/{movie_id}")
    assert response.status_code == 404
    assert "This reel is missing" in response.text


async def test_a_profile_shows_the_summary_and_the_ratings(user: User) -> None:
    await user.open("/profile?user=17")
    await user.should_see("User 17")
    await user.should_see("★ 3.75")
    await user.should_see("Animation, Comedy")
    await user.should_see("Heat")


async def test_a_profile_of_nobody_says_how_it_begins(user: User) -> None:
    await user.open("/profile?user=4711")
    await user.should_see("Nobody has rated under number 4711 yet.")


async def test_the_search_finds_a_film_and_enter_opens_it(user: User) -> None:
    await user.open("/dashboard")
    user.find(marker="search").type("matr")
    await user.should_see(marker="suggest-3")
    user.find(marker="search").trigger("keydown.enter")
    await user.should_see("Similar to The Matrix.")


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


async def test_a_list_becomes_personal_by_itself_once_a_model_is_live(user: User, services: Services) -> None:
    services.recommender.live = None  # type: ignore[misc]
    await user.open("/?user=17")
    await user.should_see("so these are popular films")
    services.recommender.live = a_live_version()  # type: ignore[misc]
    await user.should_see("Because you liked Toy Story", retries=40)


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_has_one_title_and_the_status(user: User, path: str) -> None:
    await user.open(path)
    assert [e.tag for e in user.current_layout.descendants()].count("h1") == 1
    with user.scope(marker="status"):
        await user.should_see("Ready")


async def test_the_status_follows_what_the_app_does(user: User, services: Services) -> None:
    await user.open("/")
    services.status.working("training als", 0.5)
    await user.should_see("Training als 50%", retries=30)
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


async def test_the_theme_goes_round_and_is_remembered(user: User) -> None:
    await user.open("/")
    for shown, hidden in (("dark", "None"), ("light", "dark"), ("None", "light"), ("dark", "None")):
        user.find(marker="theme").click()
        await user.should_see(marker=f"theme-{shown}")
        await user.should_not_see(marker=f"theme-{hidden}")
    response = await user.http_client.get("/")
    assert 'dataset.theme = "dark"' in response.text


async def test_posters_are_served_to_be_kept(user: User) -> None:
    response = await user.http_client.get("/posters/1.svg")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("image/svg+xml")
    assert "max-age=31536000" in response.headers["cache-control"]
    assert (await user.http_client.get("/posters/777.svg")).status_code == 404


async def test_there_are_no_posters_before_there_are_films(user: User, services: Services) -> None:
    services.recommender.films = None  # type: ignore[attr-defined]
    assert (await user.http_client.get("/posters/1.svg")).status_code == 503


def test_a_url_that_makes_no_sense_leaves_the_filters_as_usual(services: Services) -> None:
    query = {"genres": "Nope,,drama,Drama", "from": "x", "to": "1950", "k": "7", "window": "aeon"}
    choice = choice_of(query, services.recommender.catalogue)
    assert choice.filters.genres == ("Drama",)
    assert (choice.filters.year_from, choice.filters.year_to, choice.k) == (None, 1950, 24)
    assert (
        choice_of({k: str(v) for k, v in choice.query.items() if v}, services.recommender.catalogue) == choice
    )


def test_reasons_read_as_a_sentence(services: Services) -> None:
    answer = services.recommender.recommend(17)
    told = reasons_sentence(services, answer.results[0].reasons)
    assert told == "Because you liked Toy Story; you like Drama."
    assert reasons_sentence(services, ()) == ""


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
