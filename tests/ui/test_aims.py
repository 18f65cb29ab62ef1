"""The aims of a list: set, kept in the URL, taken off, and priced as the last comparison measured them."""

from dataclasses import replace

import pytest
from nicegui.testing import User
from test_leaderboard import COMPARISON

from movieapp.models.rerank import ListAims
from movieapp.serving.lists import Answer, Filters
from movieapp.ui.aims import aims_of, aims_query, price
from movieapp.ui.leaderboard import Board, board
from movieapp.ui.services import Services


@pytest.fixture
def services(services: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """Lists that turn round where variety is asked for, and begin with the fifth film for a niche."""
    recommender = services.recommender
    accurate = recommender.recommend

    def recommend(user_id: int, *, k: int, filters: Filters, aims: ListAims) -> Answer:
        answer = accurate(user_id, k=k, filters=filters)
        results = answer.results[::-1] if aims.diversity else answer.results
        return replace(answer, results=results[1:] if aims.discover else results)

    monkeypatch.setattr(recommender, "recommend", recommend)
    return services


@pytest.fixture
def measured() -> Board:
    """The last comparison."""
    return board(COMPARISON)


def listed(user: User) -> list[str]:
    """Return the films of the list, in order."""
    markers = [marker for e in user.current_layout.descendants() for marker in e._markers]
    return [marker for marker in markers if marker.startswith("film-")]


async def test_variety_reorders_the_list_and_stands_in_the_url(user: User) -> None:
    await user.open("/?user=17")
    await user.should_see(marker="film-3", retries=20)
    before = listed(user)
    user.find(marker="variety").elements.copy().pop().set_value(0.5)  # type: ignore[attr-defined]
    await user.should_see("List aims · 1")
    assert listed(user) == before[::-1]


async def test_aims_in_the_url_are_set_and_their_chips_take_them_off(user: User) -> None:
    await user.open("/?user=17&variety=0.5&mainstream=-0.25&discover=1&genres=Drama,Action")
    await user.should_see("List aims · 3", retries=20)
    for name in ("Variety 0.5", "Niche 0.25", "Discover further down"):
        user.find(marker=f"aim-{name}").click()
        await user.should_not_see(marker=f"aim-{name}")
    await user.should_not_see("List aims ·")
    await user.should_see("Filters · 2")


async def test_each_aim_says_what_it_does(user: User) -> None:
    await user.open("/?user=17")
    await user.should_see("Spreads the list over films that are unlike each other.", retries=20)
    await user.should_see("Leans towards films that few people know, or that many do.")
    await user.should_see("Keeps the first 20 films and orders those below for less known ones.")
    await user.should_not_see("in the last comparison")


async def test_popular_films_have_no_aims(user: User) -> None:
    for path in ("/?user=", "/?user=4711", "/popular"):
        await user.open(path)
        await user.should_see("Toy Story", retries=20)
        await user.should_not_see(marker="aims-toggle")


USUAL = ListAims(diversity=0.25, discover=True)


@pytest.mark.parametrize("aims", [ListAims(), USUAL, ListAims(0.5, -0.75, True), ListAims(1, 1, False)])
def test_aims_come_back_from_their_url(aims: ListAims) -> None:
    for usual in (ListAims(), USUAL):
        query = {name: str(value) for name, value in aims_query(aims, usual).items() if value is not None}
        assert aims_of(query, usual) == aims
        assert not query if aims == usual else query


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-0.1", "1.1", "9" * 5000])
def test_what_makes_no_sense_in_a_url_is_as_usual(text: str) -> None:
    assert aims_of({"variety": text, "mainstream": text * 2, "discover": text}, USUAL) == USUAL


@pytest.mark.parametrize(
    ("aim", "value", "words"),
    [
        ("diversity", 0.5, "Variety 0.5: 4 % lower NDCG@10, 12 % more coverage in the last comparison."),
        ("diversity", 1.0, "Variety 0.5: 4 % lower NDCG@10, 12 % more coverage in the last comparison."),
        ("popularity", -1.0, "Niche 0.5: 20 % lower NDCG@10, 20 % more coverage in the last comparison."),
        ("popularity", 0.25, "Mainstream 1: 60 % lower NDCG@10, 50 % lower coverage in the last comparison."),
        (
            "discover",
            1.0,
            "Discover further down: the same NDCG@10, 50 % more coverage in the last comparison.",
        ),
        ("diversity", 0.0, ""),
        ("discover", 0.0, ""),
    ],
)
def test_the_price_is_that_of_the_nearest_value_measured(
    measured: Board, aim: str, value: float, words: str
) -> None:
    assert price(measured, aim, value) == words


def test_what_was_not_measured_has_no_price(measured: Board) -> None:
    assert price(None, "diversity", 0.5) == ""
    assert price(replace(measured, aims=()), "diversity", 0.5) == ""
    assert price(replace(measured, aims=measured.aims[:1]), "diversity", 0.5) == ""
