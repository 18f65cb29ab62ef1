from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movieapp.serving.lists import Film
from movieapp.ui.compositions import ANY, FAMILIES
from movieapp.ui.palette import GENRE_HUES, oklch, palette
from movieapp.ui.posters import HEIGHT, MARGIN, WIDTH, fit, poster, poster_path, width

SVG = "{http://www.w3.org/2000/svg}"
genres = st.lists(st.sampled_from([*GENRE_HUES, "(no genres listed)", "Unheard of"]), max_size=5).map(tuple)
years = st.none() | st.integers(1880, 2100)


def film(name: str, year: int | None = 1995, of: tuple[str, ...] = ("Drama",)) -> Film:
    return Film(1, name, name, year, of)


@given(st.text(), years, genres)
def test_any_title_gives_well_formed_svg_that_is_always_the_same(
    name: str, year: int | None, of: tuple[str, ...]
) -> None:
    first, again = poster(film(name, year, of)), poster(film(name, year, of))
    assert first == again
    root = ElementTree.fromstring(first)
    assert root.tag == f"{SVG}svg"
    assert root.attrib["viewBox"] == f"0 0 {WIDTH} {HEIGHT}"
    assert {"script", "image", "foreignObject"}.isdisjoint(part.tag.removeprefix(SVG) for part in root.iter())


@given(st.text(min_size=1), st.integers(100, 400))
def test_a_title_fits_its_field(name: str, room: int) -> None:
    lines, size = fit(name, room)
    assert 1 <= len(lines) <= 4
    assert all(width(line) * size <= room for line in lines)
    assert len(lines) * size * 1.1 <= 94


def test_the_title_and_the_year_are_on_the_poster() -> None:
    root = ElementTree.fromstring(poster(film("<Fish> & Chips", 1988)))
    told = [part.text for part in root.iter(f"{SVG}text")]
    assert " ".join(filter(None, told)).startswith("<FISH> & CHIPS")
    assert "1988" in told


def test_a_title_that_is_too_long_ends_in_an_ellipsis() -> None:
    lines, _ = fit("interminable " * 40, WIDTH - 2 * MARGIN)
    assert lines[-1].endswith("…")


def test_another_title_year_or_genre_gives_another_picture() -> None:
    some = {film("Heat"), film("Heat", 1986), film("Heat", of=("Crime",)), film("Cold")}
    assert len({poster(each) for each in some}) == len(some)
    assert len({poster_path(each) for each in some}) == len(some)


@pytest.mark.parametrize(
    "draw", sorted({*ANY, *(one for family in FAMILIES.values() for one in family)}, key=str)
)
def test_every_composition_draws_something(draw: object) -> None:
    chance = Random(7)
    assert draw(palette(("Drama",), chance), chance)  # type: ignore[operator]


@given(genres, st.integers(0, 10_000))
def test_the_title_is_readable_on_its_ground(of: tuple[str, ...], seed: int) -> None:
    ink = palette(of, Random(seed))
    assert contrast(ink.text, ink.ground) >= 4.5


@given(st.floats(0, 1), st.floats(0, 0.4), st.floats(-720, 720))
def test_every_mixture_is_a_colour(lightness: float, chroma: float, hue: float) -> None:
    colour = oklch(lightness, chroma, hue)
    assert len(colour) == 7
    assert 0 <= int(colour[1:], 16) <= 0xFFFFFF


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
