"""The full list: films for who is watching, filters, presets, ratings given on the way."""

from types import SimpleNamespace
from typing import Any

import pytest
from fake_people import FakeCatalogue
from hypothesis import given
from hypothesis import strategies as st
from nicegui.testing import User
from ui_fakes import a_live_version

from movieapp.database import Unwritable
from movieapp.serving.lists import Answer, Filters, Window
from movieapp.serving.presets import YEARS
from movieapp.ui.cards import reasons_sentence
from movieapp.ui.choice import Choice, choice_of, not_understood
from movieapp.ui.services import Services


async def test_nobody_in_particular_gets_popular_films(user: User) -> None:
    await user.open("/list?user=")
    await user.should_see("Popular with everybody")
    await user.should_see("60 likes")
    await user.should_not_see(marker="aims-toggle")
    await user.should_not_see(marker="presets")


async def test_a_known_user_sees_films_not_yet_rated_with_reasons(user: User) -> None:
    await user.open("/list?user=17")
    await user.should_see("All films for user 17")
    await user.should_see("The Matrix")
    await user.should_see("Because you liked Toy Story")
    await user.should_not_see(marker="film-2")


async def test_filters_in_the_url_narrow_the_list(user: User) -> None:
    await user.open("/list?user=17&genres=sci-fi,Drama&to=1950")
    await user.should_see("Casablanca")
    await user.should_not_see(marker="film-3")


async def test_choosing_a_genre_narrows_the_list(user: User) -> None:
    await user.open("/list?user=17")
    await user.should_see(marker="film-3", retries=20)
    user.find(marker="genres").elements.copy().pop().set_value(["Drama"])
    await user.should_see("Casablanca")
    await user.should_not_see(marker="film-3")
    user.find(marker="clear-filters").click()
    await user.should_see(marker="film-3")


async def test_filters_that_nothing_passes_are_explained(user: User) -> None:
    await user.open("/list?user=17&from=2000")
    await user.should_see("No film passes these filters")


async def test_seen_films_come_back_on_request(user: User, services: Services) -> None:
    asked: list[bool] = []
    recommend = services.recommender.recommend

    def noted(*args: Any, exclude_seen: bool, **kwargs: Any) -> Answer:
        asked.append(exclude_seen)
        return recommend(*args, exclude_seen=exclude_seen, **kwargs)

    services.recommender.recommend = noted  # type: ignore[method-assign]
    await user.open("/list?user=17")
    await user.should_see(marker="film-3")
    user.find(marker="unseen").elements.copy().pop().set_value(False)
    await user.should_see(marker="filter-Seen films too")
    user.find(marker="clear-filters").click()
    await user.should_not_see(marker="filter-Seen films too")
    assert asked == [True, False, True]


async def test_lengths_can_be_chosen_only_where_some_are_known(
    user: User, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await user.open("/list?user=17")
    await user.should_not_see("No film’s length is known here")
    await user.should_not_see(marker="to-minutes")
    await user.open("/list?user=17&longest=90")
    await user.should_see("No film’s length is known here")
    monkeypatch.setattr(FakeCatalogue, "has_runtimes", True)
    await user.open("/list?user=17&longest=90")
    await user.should_see("A film whose length is not known is left out.")
    user.find(marker="filter-To 90 minutes").click()
    await user.should_not_see("A film whose length is not known is left out.")


async def test_rating_a_film_saves_it_and_makes_another_list(user: User, services: Services) -> None:
    await user.open("/list?user=17")
    await user.should_see(marker="rate-3", retries=20)
    user.find(marker="rate-3").trigger("rated", "4.5")
    await user.should_see("The Matrix: 4.5 stars saved.")
    assert services.profiles.stars[17][3] == 4.5  # type: ignore[attr-defined]
    assert services.profiles.rated_in == ["r"]  # type: ignore[attr-defined]
    await user.should_not_see(marker="film-3")


async def test_a_rating_that_cannot_be_saved_is_told(user: User, services: Services) -> None:
    services.profiles.refuses = Unwritable("The disk is full. Free some space and try again.")  # type: ignore[attr-defined]
    await user.open("/list?user=17")
    await user.should_see(marker="tell-4", retries=20)
    (card,) = user.find(marker="tell-4").trigger("rated", "4.5").elements
    await user.should_see("The disk is full. Free some space and try again.")
    # The browser showed the stars that were chosen: these are drawn anew.
    assert (card.props.get("rating"), card.props["turn"]) == (None, 1)


async def test_a_list_with_scores_says_what_a_match_is(user: User) -> None:
    await user.open("/list?user=17")
    await user.should_see("Match is relative to the best film of this list.")
    await user.should_not_see("likes")


async def test_a_list_becomes_personal_by_itself_once_a_model_is_live(user: User, services: Services) -> None:
    services.recommender.live = None  # type: ignore[misc]
    await user.open("/list?user=17")
    await user.should_see("so these are popular films")
    services.recommender.live = a_live_version()  # type: ignore[misc]
    await user.should_see("Because you liked Toy Story", retries=40)


def test_a_url_that_makes_no_sense_leaves_the_filters_as_usual(services: Services) -> None:
    query = {
        "genres": "Nope,,drama,Drama",
        "from": "x",
        "to": "1950",
        "k": "7",
        "window": "aeon",
        "seen": "no",
    }
    choice = choice_of(query, services.recommender.catalogue)
    assert choice.filters.genres == ("Drama",)
    assert (choice.filters.year_from, choice.filters.year_to, choice.k) == (None, 1950, 24)
    assert choice.passed_over == ("Nope", "from=x", "k=7", "window=aeon")
    assert choice == choice_of({"genres": "drama", "to": "1950"}, services.recommender.catalogue)
    assert choice.is_unseen


PARTS = st.text(max_size=8) | st.sampled_from(["drama", " Comedy", "1950", "0", "²", "19501"])


@given(st.lists(PARTS, max_size=3), PARTS)
def test_whatever_a_url_holds_is_a_filter_or_passed_over(genres: list[str], year: str) -> None:
    catalogue: Any = SimpleNamespace(genres=("Comedy", "Drama"))
    choice = choice_of({"genres": ",".join(genres), "from": year}, catalogue)
    asked = [part.strip() for part in ",".join(genres).split(",") if part.strip()]
    known = {"comedy": "Comedy", "drama": "Drama"}
    assert set(choice.filters.genres) == {known[part.lower()] for part in asked if part.lower() in known}
    passed_over = [part for part in asked if part.lower() not in known]
    if year and choice.filters.year_from is None:
        passed_over.append(f"from={year}")
    assert choice.passed_over == tuple(passed_over)
    assert bool(not_understood(choice)) == bool(passed_over)


async def test_what_a_url_asks_for_in_vain_is_said_until_something_is_chosen(user: User) -> None:
    await user.open("/list?user=17&genres=Dramedy&from=0")
    await user.should_see("The address asks for what is no filter here: “Dramedy”, “from=0”.")
    user.find(marker="unseen").elements.copy().pop().set_value(False)
    await user.should_not_see("no filter here")


async def test_a_year_that_cannot_be_is_told_at_its_field(user: User) -> None:
    await user.open("/list?user=17")
    (field,) = user.find(marker="to-year").elements
    field.set_value(99)
    assert field.error == f"{YEARS[0]} to {YEARS[1]}"
    field.set_value(1950)
    assert field.error is None
    await user.should_see(marker="filter-To 1950")


async def test_years_the_wrong_way_round_are_told_with_the_way_out(user: User) -> None:
    await user.open("/list?user=17&from=1990&to=1960")
    await user.should_see("“From year” 1990 is after “To year” 1960.")
    await user.should_see("Put the smaller number first.")
    await user.should_not_see("Allow more genres")


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        Choice(Filters(("Drama",), ("Crime", "Action"), 1950, 1999, 80, 120), 48, is_unseen=False),
        Choice(Filters(runtime_max=90), 12, Window.WEEK),
    ],
)
def test_a_choice_comes_back_from_its_url(services: Services, choice: Choice) -> None:
    query = {name: str(value) for name, value in choice.query.items() if value}
    assert choice_of(query, services.recommender.catalogue) == choice


def test_reasons_read_as_a_sentence(services: Services) -> None:
    answer = services.recommender.recommend(17)
    told = reasons_sentence(services, answer.results[0].reasons)
    assert told == "Because you liked Toy Story; you like Drama."
    assert reasons_sentence(services, ()) == ""
