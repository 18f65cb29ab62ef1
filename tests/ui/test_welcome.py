"""The first visit in the page: answers, undoing them, and the list that follows."""

from collections.abc import Iterator

import pytest
from nicegui.testing import User
from tiny_services import tiny_services

from movieapp.database import Unwritable
from movieapp.models.bundle import Bundle
from movieapp.ui.services import Services
from movieapp.ui.welcome_parts import progress_sentence


@pytest.fixture
def services(tiny_bundle: Bundle) -> Iterator[Services]:
    """Two tastes, even films and odd ones, served for real."""
    yield from tiny_services(tiny_bundle)


def newest(services: Services) -> int:
    """Return the person made last."""
    return services.profiles.users(1)[0][0]


async def test_answers_become_ratings_of_a_new_person(user: User, services: Services) -> None:
    await user.open("/welcome")
    await user.should_see("0 answers; 3 more for a first list.")
    await user.should_not_see("See your films")
    user.find(marker="loved-2").click()
    await user.should_see("1 answer; 2 more for a first list.")
    person = newest(services)
    assert person > 24
    await user.should_not_see(marker="loved-2")
    user.find(marker="liked-4").click()
    await user.should_see("2 answers; 1 more for a first list.")
    user.find(marker="not_for_me-1").click()
    await user.should_see("See your films")
    await user.should_see("Your list so far")
    ratings = {one.movie_id: one.rating for one in services.profiles.ratings(person)}
    assert ratings == {2: 5.0, 4: 4.0, 1: 2.0}
    await user.should_see("The Number 2 · 5 stars")


async def test_an_answer_is_undone(user: User, services: Services) -> None:
    await user.open("/welcome")
    user.find(marker="loved-2").click()
    await user.should_see("Undo: Loved it: The Number 2")
    person = newest(services)
    user.find(marker="undo").click()
    await user.should_see("0 answers; 3 more for a first list.")
    await user.should_see(marker="loved-2")
    assert services.profiles.history(person) is None


async def test_a_chip_takes_its_answer_back(user: User, services: Services) -> None:
    await user.open("/welcome?user=6")
    user.find(marker="take-back-2").click()
    await user.should_see(marker="loved-2")
    history = services.profiles.history(6)
    assert history is not None
    assert history.stars_of(2) is None


async def test_films_that_are_not_known_make_room_and_come_back(user: User) -> None:
    await user.open("/welcome")
    user.find(marker="pass-2").click()
    await user.should_see("Undo: Don’t know: The Number 2")
    await user.should_not_see(marker="loved-2")
    user.find(marker="others").click()
    await user.should_see("Undo: 12 films passed over")
    user.find(marker="undo").click()
    await user.should_see("Undo: Don’t know: The Number 2")
    user.find(marker="undo").click()
    await user.should_see(marker="loved-2")


async def test_the_wall_ends_when_no_film_is_left(user: User) -> None:
    await user.open("/welcome?unknown=" + ",".join(map(str, range(1, 25))))
    await user.should_see("No film is left to ask about")


async def test_an_answer_that_cannot_be_saved_stays_on_the_wall(
    user: User, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise Unwritable("The disk is full. Free some space and try again.")

    await user.open("/welcome")
    monkeypatch.setattr(services.profiles, "rate", refuse)
    user.find(marker="loved-2").click()
    await user.should_see("The disk is full. Free some space and try again.")
    await user.should_see(marker="loved-2")
    await user.should_see("0 answers")


async def test_a_number_that_is_none_begins_anew(user: User) -> None:
    await user.open("/welcome?user=abc")
    await user.should_see("“abc” is not a user number, so this begins anew.")
    await user.should_see("0 answers")


def test_how_far_somebody_is_reads_as_a_sentence() -> None:
    assert progress_sentence(1) == "1 answer; 2 more for a first list."
    assert progress_sentence(3) == "3 answers: a first list stands below. 7 more make it a good one."
    assert progress_sentence(10) == "10 answers: enough for a good list. More never harm."
