"""Popular films: of some time, by genre and years."""

from datetime import datetime

import pytest
from nicegui.testing import User

from movieapp.serving.lists import Filters, Window
from movieapp.ui.choice import wrong_way_round
from movieapp.ui.popular import window_dates


async def test_popular_films_by_genre(user: User) -> None:
    await user.open("/popular?genres=Crime&window=year")
    await user.should_see("Heat")
    await user.should_not_see(marker="film-1")


async def test_filters_that_are_set_are_counted_and_named(user: User) -> None:
    await user.open("/popular?window=week&genres=Crime,Drama&without=Comedy&from=1930&to=1999")
    await user.should_see("Filters · 6")
    for name in ("The last week", "Crime", "Without Comedy", "To 1999"):
        user.find(marker=f"filter-{name}").click()
    await user.should_see("Filters · 2")
    await user.should_not_see(marker="film-2")
    await user.should_see(marker="film-4")
    user.find(marker="filter-From 1930").click()
    user.find(marker="filter-Drama").click()
    await user.should_not_see("Filters ·")
    await user.should_see(marker="film-3")


async def test_ends_the_wrong_way_round_are_named(user: User) -> None:
    await user.open("/popular?from=1999&to=1930")
    await user.should_see("“From year” 1999 is after “To year” 1930.")
    user.find(marker="filter-To 1930").click()
    await user.should_not_see("is after")
    minutes = Filters(runtime_min=120, runtime_max=90)
    assert wrong_way_round(minutes) == "“From minutes” 120 is more than “To minutes” 90."


async def test_popular_films_tell_how_many_liked_them(user: User) -> None:
    await user.open("/popular")
    await user.should_see("60 likes")
    await user.should_not_see("Match")


@pytest.mark.parametrize(
    ("window", "dates"),
    [
        (Window.DAY, "3 May 2001 – 4 May 2001"),
        (Window.WEEK, "27 Apr 2001 – 4 May 2001"),
        (Window.YEAR, "4 May 2000 – 4 May 2001"),
        (Window.ALL, ""),
    ],
)
def test_a_window_names_its_days(window: Window, dates: str) -> None:
    assert window_dates(window, datetime(2001, 5, 4, 3, 2, 1)) == dates
    assert window_dates(window, None) == ""
