"""The first page: films for who is watching, filters, ratings given on the way."""

from nicegui.testing import User
from ui_fakes import a_live_version

from movieapp.database import Unwritable
from movieapp.ui.cards import reasons_sentence
from movieapp.ui.filters import choice_of
from movieapp.ui.services import Services


async def test_the_first_page_asks_who_is_watching_and_shows_popular_films(user: User) -> None:
    await user.open("/")
    await user.should_see("What to watch tonight?")
    await user.should_see("User 17")
    await user.should_see("Toy Story")
    await user.should_see("60 likes")


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
    user.find(marker="rate-3").trigger("rated", "4.5")
    await user.should_see("The Matrix: 4.5 stars saved.")
    assert services.profiles.stars[17][3] == 4.5  # type: ignore[attr-defined]
    assert services.profiles.rated_in == ["r"]  # type: ignore[attr-defined]
    user.find(marker="update").click()
    await user.should_not_see(marker="film-3")


async def test_a_rating_that_cannot_be_saved_is_told(user: User, services: Services) -> None:
    services.profiles.refuses = Unwritable("The disk is full. Free some space and try again.")  # type: ignore[attr-defined]
    await user.open("/?user=17")
    user.find(marker="rate-3").trigger("rated", "4.5")
    await user.should_see("The disk is full. Free some space and try again.")


async def test_a_list_with_scores_says_what_a_match_is(user: User) -> None:
    await user.open("/?user=17")
    await user.should_see("Match is relative to the best film of this list.")
    await user.should_not_see("likes")


async def test_a_list_becomes_personal_by_itself_once_a_model_is_live(user: User, services: Services) -> None:
    services.recommender.live = None  # type: ignore[misc]
    await user.open("/?user=17")
    await user.should_see("so these are popular films")
    services.recommender.live = a_live_version()  # type: ignore[misc]
    await user.should_see("Because you liked Toy Story", retries=40)


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
