"""The library: each part shows what was told, and takes it back."""

from datetime import date

import pytest
from nicegui.testing import User

from movieapp.serving.feedback import Event, EventType
from movieapp.serving.lists import Film
from movieapp.ui.library import PAGE
from movieapp.ui.services import Services

TOLD = {
    "watchlist": Event(EventType.WATCHLIST),
    "watched": Event(EventType.WATCHED, watched_on=date(2001, 5, 4)),
    "liked": Event(EventType.LIKE),
    "notes": Event(EventType.NOTE, note="Here's looking at you."),
    "hidden": Event(EventType.DISLIKE),
    "unlearned": Event(EventType.UNLEARNED),
}


@pytest.mark.parametrize("shelf", TOLD)
async def test_what_was_told_stands_in_its_part_and_can_be_taken_back(
    user: User, services: Services, shelf: str
) -> None:
    services.profiles.tell(17, 4, TOLD[shelf], now=services.clock())
    await user.open(f"/library?user=17&show={shelf}")
    await user.should_see("Casablanca")
    with user.scope(marker=f"tab-{shelf}"):
        await user.should_see("1")
    user.find(marker="take-back-4").click()
    await user.should_see("nothing yet")
    with user.scope(marker=f"tab-{shelf}"):
        await user.should_see("0")
    assert services.profiles.kept(17) == {}
    user.find(marker="undo-told").trigger("undo")
    await user.should_see(marker="take-back-4")


async def test_every_empty_part_says_what_to_do(user: User) -> None:
    for shelf in TOLD:
        await user.open(f"/library?user=17&show={shelf}")
        await user.should_see("nothing yet")
        await user.should_see("card" if shelf not in ("notes",) else "write down")


async def test_viewings_go_by_day_each_of_them(user: User, services: Services) -> None:
    for seen in (date(2001, 5, 4), date(2003, 6, 7)):
        services.profiles.tell(17, 4, Event(EventType.WATCHED, watched_on=seen), now=services.clock())
    await user.open("/library?user=17&show=watched")
    await user.should_see("7 Jun 2003, again")
    await user.should_see("4 May 2001")
    user.find(marker="take-back-4").click()
    await user.should_not_see("7 Jun 2003, again")
    await user.should_see("4 May 2001")


async def test_ratings_can_be_changed_and_removed(user: User, services: Services) -> None:
    await user.open("/library?user=17&show=rated")
    user.find(marker="rate-2").trigger("rated", "3")
    await user.should_see("Heat: 3 stars saved.")
    user.find(marker="unrate-1").click()
    await user.should_see("Toy Story: rating removed.")
    await user.should_not_see(marker="rate-1")
    assert services.profiles.stars[17] == {2: 3.0}  # type: ignore[attr-defined]


async def test_a_long_part_comes_in_pieces(user: User, services: Services) -> None:
    films = services.recommender.films  # type: ignore[attr-defined]
    many = [Film(number, f"Film {number}", f"Film {number}", 2000, ()) for number in range(100, 150)]
    films.films = (*films.films, *many)
    services.profiles.stars[17] = {film.movie_id: 4.0 for film in many}  # type: ignore[attr-defined]
    await user.open("/library?user=17&show=rated")
    await user.should_see(marker=f"rate-{100 + PAGE - 1}")
    await user.should_not_see(marker=f"rate-{100 + PAGE}")
    user.find(marker="more").click()
    await user.should_see(marker="rate-149")


async def test_a_part_that_is_none_opens_the_first(user: User) -> None:
    await user.open("/library?user=17&show=nonsense")
    await user.should_see("Watchlist: nothing yet")


async def test_without_a_person_the_library_asks_for_one(user: User) -> None:
    await user.open("/library?user=")
    await user.should_see("Choose whose films to look at.")
    await user.should_see(marker="new-profile")
