"""The first page: a way in for nobody in particular, rows for somebody, and what changes them."""

from dataclasses import replace

import pytest
from nicegui.testing import User

from movieapp.serving.home import Home, Row, RowKind
from movieapp.serving.lists import Film, Window
from movieapp.ui.home import see_all
from movieapp.ui.services import Services


def films(user: User, row: RowKind) -> list[str]:
    """Return the films of a row, in order."""
    (section,) = user.find(marker=f"row-{row}").elements
    markers = [marker for e in section.descendants() for marker in e._markers]
    return [marker for marker in markers if marker.startswith("film-")]


async def test_nobody_in_particular_finds_a_way_in_and_popular_films(user: User) -> None:
    await user.open("/?user=")
    await user.should_see("What to watch tonight?")
    await user.should_see("New here?")
    await user.should_see("User 17")
    await user.should_see("60 likes")


async def test_somebody_known_gets_rows_with_their_reasons(user: User) -> None:
    await user.open("/?user=17")
    await user.should_see("For user 17")
    await user.should_see("Tonight's pick", retries=20)
    for words in ("For you", "The best first.", "Popular now", "Liked lately."):
        await user.should_see(words)
    with user.scope(marker="pick"):
        await user.should_see("Because you liked")
    # The first film stands above the rows.
    assert films(user, RowKind.FOR_YOU) == ["film-4"]
    assert films(user, RowKind.POPULAR) == ["film-5"]


async def test_a_stranger_is_told_why_films_are_popular_and_invited(user: User) -> None:
    await user.open("/?user=4711")
    await user.should_see("Welcome, user 4711")
    await user.should_see("User 4711 has no ratings yet", retries=20)
    await user.should_see("New here?")
    assert len(films(user, RowKind.POPULAR)) == 5


def serve(services: Services, first: list[int], popular: list[int]) -> None:
    """Let the first page have these films."""
    listed = {one.film.movie_id: one for one in services.recommender.popular(k=5).results}
    answer = replace(services.recommender.recommend(17), is_fallback=False)
    rows = (
        Row(RowKind.FOR_YOU, "For you", "", tuple(listed[one] for one in first)),
        Row(RowKind.POPULAR, "Popular now", "", tuple(listed[one] for one in popular)),
    )
    services.recommender.home = lambda user_id: Home(answer, rows)  # type: ignore[method-assign]


async def test_only_rows_change_whose_films_are_others(user: User, services: Services) -> None:
    serve(services, [3, 4], [5, 1])
    await user.open("/?user=17")
    await user.should_see(marker="film-1", retries=20)
    kept, gone = (user.find(marker=f"film-{one}").elements.copy().pop() for one in (4, 5))
    serve(services, [3, 4], [1, 2])
    user.find(marker="rate-5").trigger("rated", "4.5")
    await user.should_see(marker="film-2", retries=20)
    assert films(user, RowKind.POPULAR) == ["film-1", "film-2"]
    assert (kept.is_deleted, gone.is_deleted) == (False, True)


async def test_another_first_film_becomes_the_pick(user: User, services: Services) -> None:
    serve(services, [3, 4, 2], [5, 1])
    await user.open("/?user=17")
    await user.should_see(marker="film-1", retries=20)
    serve(services, [4, 2, 3], [5, 1])
    user.find(marker="rate-3").trigger("rated", "3")
    for _ in range(20):
        await user.should_see(marker="pick")
        if films(user, RowKind.FOR_YOU) == ["film-2", "film-3"]:
            break
    with user.scope(marker="pick"):
        await user.should_see("Casablanca", retries=20)


async def test_a_row_that_ends_leaves_the_page(user: User, services: Services) -> None:
    await user.open("/?user=17")
    await user.should_see(marker="rate-5", retries=20)
    user.find(marker="rate-5").trigger("rated", "4.5")
    await user.should_not_see(marker="row-popular", retries=20)
    await user.should_see(marker="row-for_you")


async def test_with_no_film_left_the_page_says_so(user: User, services: Services) -> None:
    empty = replace(services.recommender.recommend(17), results=())
    services.recommender.home = lambda user_id: Home(empty, ())  # type: ignore[method-assign]
    await user.open("/?user=17")
    await user.should_see("No film is left", retries=20)


HEAT = Film(2, "Heat (1995)", "Heat", 1995, ("Crime",))


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (Row(RowKind.FOR_YOU, "", ""), "/list?user=17"),
        (Row(RowKind.BECAUSE_YOU_LIKED, "", "", seed=HEAT), "/seeds?movies=2&user=17"),
        (Row(RowKind.POPULAR, "", "", window=Window.MONTH), "/popular?window=month&user=17"),
        (Row(RowKind.POPULAR, "", "", window=Window.ALL), "/popular?user=17"),
        (Row(RowKind.HIDDEN_GEMS, "", ""), "/list?mainstream=-0.5&user=17"),
        (Row(RowKind.WATCHLIST, "", ""), "/library?user=17"),
        (Row(RowKind.SOMETHING_ELSE, "", "", genre="Sci-Fi"), "/list?genres=Sci-Fi&user=17"),
    ],
)
def test_every_row_leads_to_its_full_list(row: Row, path: str) -> None:
    assert see_all(row, 17) == path


async def test_the_links_of_rows_lead_to_pages(user: User, services: Services) -> None:
    for kind in RowKind:
        row = Row(
            kind, "", "", seed=services.recommender.catalogue.film(2), genre="Drama", window=Window.MONTH
        )
        response = await user.http_client.get(see_all(row, 17))
        assert response.status_code == 200
        assert "is not a page" not in response.text
