"""Tonight, together, in the page: who is there, what counts, and what nobody wants."""

from collections.abc import Iterator

import pytest
from nicegui.testing import User
from tiny_services import NOW, tiny_services

from movieapp.models.bundle import Bundle
from movieapp.serving.company import Scale, Suits
from movieapp.serving.lists import Answer
from movieapp.serving.together import Together
from movieapp.ui.services import Services
from movieapp.ui.together_card import risk, told_of


@pytest.fixture
def services(tiny_bundle: Bundle) -> Iterator[Services]:
    """Two tastes, even films and odd ones, served for real."""
    yield from tiny_services(tiny_bundle)


async def test_without_anybody_the_page_asks_who_is_there(user: User) -> None:
    await user.open("/together")
    await user.should_see("Who is watching tonight?")
    user.find(marker="person-field").type("6").trigger("keydown.enter")
    await user.should_see(marker="remove-6")
    await user.should_see(marker="film-6")


async def test_people_in_the_url_see_what_suits_them(user: User) -> None:
    await user.open("/together?people=6,8")
    await user.should_see("User 6")
    await user.should_see("does not predict stars")
    await user.should_see("no. ")
    await user.should_not_see("%")
    await user.should_not_see(marker="film-6")
    user.find(marker="with-seen").click()
    await user.should_see(marker="film-6")
    user.find(marker="remove-8").click()
    await user.should_see(marker="add-8")


async def test_a_profile_goes_by_its_name(user: User, services: Services) -> None:
    ana = services.profiles.make("Ana", now=NOW)
    services.profiles.rate(ana.user_id, 2, 5.0, now=NOW)
    await user.open("/together?people=6")
    await user.should_see("Ana")
    user.find(marker=f"add-{ana.user_id}").click()
    await user.should_see(marker=f"remove-{ana.user_id}")


async def test_a_veto_takes_a_film_away_and_gives_it_back(user: User) -> None:
    await user.open("/together?people=6")
    user.find(marker="veto-6").click()
    await user.should_not_see(marker="film-6")
    await user.should_see("Not tonight: The Number 6")
    user.find(marker="allow-6").click()
    await user.should_see(marker="film-6")


async def test_filters_and_vetoes_in_the_url_hold(user: User) -> None:
    await user.open("/together?people=6,4711&genres=Comedy&vetoed=6&fair=1&again=1")
    await user.should_see("User 4711 has not rated")
    await user.should_not_see(marker="film-6")


async def test_filters_that_leave_nothing_are_explained(user: User) -> None:
    await user.open("/together?people=6&from=2020")
    await user.should_see("No film is left for all of you")


async def test_what_is_no_user_number_is_told(user: User) -> None:
    await user.open("/together?people=6,abc")
    await user.should_see("“abc” is not a user number, so nobody is added for it.")
    await user.should_see(marker="remove-6")


def test_without_stars_each_person_s_place_tells_films_apart() -> None:
    answer = Answer("r", None, "1", False, None, (), 1.0)
    found = Together(answer, Scale.PERCENTILE, (1,), (), (), n_known=3_650)
    best, next_ = Suits(1, 1.0, None, None), Suits(1, 3_649 / 3_650, None, None)
    assert told_of("Ana", best, found) == ("no. 1", "Ana: place 1 among 3,650 films")
    assert told_of("Ana", next_, found) == ("no. 2", "Ana: place 2 among 3,650 films")
    assert told_of("Ana", best._replace(given=4.0), found) == ("gave ★ 4", "Ana gave 4 stars")


def test_a_sentence_says_for_whom_a_film_is_a_gamble() -> None:
    def called(user_id: int) -> str:
        return {1: "Ana", 2: "Ben", 3: "Cem"}[user_id]

    ana, ben = Suits(1, 4.5, None, 0.5), Suits(2, 3.8, None, 1.2)
    assert risk((ana, ben), called) == "A gamble for Ben; a safe bet for Ana."
    assert risk((ben, ben._replace(user_id=3)), called) == "A gamble for all of you."
    assert risk((ana._replace(spread=0.8), Suits(3, 5.0, 5.0, None)), called) == ""
