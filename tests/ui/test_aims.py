"""The aims of a list: set, kept in the URL, taken off, and and each with its measured price."""

from dataclasses import replace

import pytest
from nicegui.testing import User

from movieapp.lifecycle.prices import PRICED, Price, Prices, measured_prices
from movieapp.models.rerank import STEP, ListAims
from movieapp.serving.lists import Answer, Filters
from movieapp.ui.aims import SLIDERS, Slider, aims_of, aims_query, price, source, step_words
from movieapp.ui.services import Services


@pytest.fixture
def services(services: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """Lists that turn round where variety is asked for, and begin with the fifth film for a niche."""
    recommender = services.recommender
    accurate = recommender.recommend

    def recommend(user_id: int, *, k: int, exclude_seen: bool, filters: Filters, aims: ListAims) -> Answer:
        answer = accurate(user_id, k=k, filters=filters)
        results = answer.results[::-1] if aims.diversity else answer.results
        return replace(answer, results=results[1:] if aims.discover else results)

    monkeypatch.setattr(recommender, "recommend", recommend)
    return services


def listed(user: User) -> list[str]:
    """Return the films of the list, in order."""
    markers = [marker for e in user.current_layout.descendants() for marker in e._markers]
    return [marker for marker in markers if marker.startswith("film-")]


async def with_aims_open(user: User, path: str) -> None:
    await user.open(path)
    await user.should_see(marker="aims-toggle", retries=20)
    user.find(marker="aims-toggle").click()
    await user.should_see("Prices were measured on", retries=20)


async def test_variety_reorders_the_list_and_stands_in_the_url(user: User) -> None:
    await with_aims_open(user, "/list?user=17")
    before = listed(user)
    user.find(marker="variety").elements.copy().pop().set_value(0.5)  # type: ignore[attr-defined]
    await user.should_see("List aims · 1")
    assert listed(user) == before[::-1]


async def test_aims_in_the_url_are_set_and_their_chips_take_them_off(user: User) -> None:
    await user.open("/list?user=17&variety=0.5&mainstream=-0.25&adventure=-1&new=1&discover=1&genres=Drama")
    await user.should_see("List aims · 5", retries=20)
    for name in ("Variety 0.5", "Niche 0.25", "Safe 1", "New 1", "Discover further down"):
        user.find(marker=f"aim-{name}").click()
        await user.should_not_see(marker=f"aim-{name}")
    await user.should_not_see("List aims ·")
    await user.should_see("Filters · 1")


async def test_a_chip_takes_the_slider_back_as_well(user: User) -> None:
    await with_aims_open(user, "/list?user=17&variety=0.5&discover=1")
    (variety,), (discover,) = (user.find(marker=marker).elements for marker in ("variety", "discover"))
    assert (variety.value, discover.value) == (0.5, True)  # type: ignore[attr-defined]
    for name in ("Variety 0.5", "Discover further down"):
        user.find(marker=f"aim-{name}").click()
        await user.should_not_see(marker=f"aim-{name}")
    assert (variety.value, discover.value) == (0.0, False)  # type: ignore[attr-defined]


async def test_each_aim_says_what_it_does(user: User) -> None:
    await with_aims_open(user, "/list?user=17")
    await user.should_see("Spreads the list over films that are unlike each other.")
    await user.should_see("Leans towards films that few people know, or that many do.")
    await user.should_see("Leans towards films close to those that you like, or unlike all of them.")
    await user.should_see("Leans towards films from earlier years, or from later ones.")
    await user.should_see("Keeps the first 20 films and orders those below for less known ones.")
    await user.should_see("Prices were measured on ml-100k")


async def test_moving_a_slider_tells_its_price(user: User) -> None:
    await with_aims_open(user, "/list?user=17")
    words = price(measured_prices(None), "adventure", 0.25)
    await user.should_not_see(words)
    user.find(marker="adventure").elements.copy().pop().set_value(0.25)  # type: ignore[attr-defined]
    await user.should_see(words)
    await user.should_see(marker="aim-Adventurous 0.25")


@pytest.mark.parametrize("slider", SLIDERS, ids=lambda slider: slider.aim)
def test_every_step_of_a_slider_has_its_words(slider: Slider) -> None:
    words = step_words(slider)
    assert len(set(words)) == len(words) == 1 + (1 - slider.low) / STEP


async def test_a_slider_says_its_value_in_words(user: User) -> None:
    await with_aims_open(user, "/list?user=17&mainstream=-0.25")
    await user.should_see(price(measured_prices(None), "popularity", -0.25))
    (slider,) = user.find(marker="mainstream").elements
    said = slider.props["words"][round((slider.value - slider.props["min"]) / slider.props["step"])]  # type: ignore[attr-defined]
    assert (slider.props["label"], said) == ("Niche or mainstream", "a little niche")


async def test_popular_films_have_no_aims(user: User) -> None:
    for path in ("/list?user=", "/list?user=4711", "/popular"):
        await user.open(path)
        await user.should_see("Toy Story", retries=20)
        await user.should_not_see(marker="aims-toggle")


USUAL = ListAims(diversity=0.25, discover=True)
OTHERS = ListAims(diversity=0.5, popularity=-0.75, adventure=0.25, age=-1, discover=True)


@pytest.mark.parametrize("aims", [ListAims(), USUAL, OTHERS, ListAims(1, 1, 1, 1, False)])
def test_aims_come_back_from_their_url(aims: ListAims) -> None:
    for usual in (ListAims(), USUAL):
        query = {name: str(value) for name, value in aims_query(aims, usual).items() if value is not None}
        assert aims_of(query, usual) == aims
        assert not query if aims == usual else query


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-0.1", "1.1", "9" * 5000])
def test_what_makes_no_sense_in_a_url_is_as_usual(text: str) -> None:
    query = {
        "variety": text,
        "mainstream": text * 2,
        "adventure": text * 2,
        "new": text * 2,
        "discover": text,
    }
    assert aims_of(query, USUAL) == USUAL


CHANGES = dict.fromkeys(PRICED, 0.0)
MEASURED = Prices(
    "tiny",
    "validation",
    "als",
    1_200,
    True,
    (
        Price("discover", CHANGES | {"coverage": 0.5}),
        Price("diversity 0.5", CHANGES | {"hits": -0.04, "new_to_you": 0.31, "diversity": 0.124}),
        Price("popularity -0.5", CHANGES | {"hits": -0.2, "coverage": 0.2}),
        Price("popularity +1", CHANGES | {"hits": 0.06, "new_to_you": -0.2, "coverage": -0.5}),
    ),
)


@pytest.mark.parametrize(
    ("aim", "value", "words"),
    [
        ("diversity", 0.5, "Variety 0.5: 4 % fewer hits, 31 % more new to you, 12 % more varied."),
        ("diversity", 1.0, "Variety 0.5: 4 % fewer hits, 31 % more new to you, 12 % more varied."),
        ("popularity", -1.0, "Niche 0.5: 20 % fewer hits, as new to you, 20 % more of the catalogue."),
        (
            "popularity",
            0.25,
            "Mainstream 1: 6 % more hits, 20 % less new to you, 50 % less of the catalogue.",
        ),
        ("discover", 1.0, "Discover further down: as many hits, as new to you, 50 % more of the catalogue."),
        ("diversity", 0.0, ""),
        ("discover", 0.0, ""),
        ("age", 0.5, ""),
    ],
)
def test_the_price_is_that_of_the_nearest_value_measured(aim: str, value: float, words: str) -> None:
    assert price(MEASURED, aim, value).replace("\N{NO-BREAK SPACE}", " ") == words


def test_it_is_said_where_prices_are_from() -> None:
    assert "measured here, on tiny, in the validation window: the als’s lists for 1,200 people" in source(
        MEASURED
    )
    assert "measured on ml-100k, in the validation window: the hybrid’s lists" in source(
        measured_prices(None)
    )
