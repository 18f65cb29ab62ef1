"""Drawings: every value is in them, they are well-formed, and words stay words."""

from xml.etree import ElementTree

import pytest

from movieapp.monitoring import plots

SVG = [
    plots.bars(["a", "b"], [1.0, 4.0], about="Two bars"),
    plots.bars([], [], about="None"),
    plots.lines(["a", "b", "c"], {"one": [1.0, None, 0.0], "two": [None, None, None]}, about="Broken"),
    plots.pairs(["<i>", "b"], {"one": [0.5, 0.0], "two": [None, 1.0]}, about='Say "<b>"'),
    plots.matrix(["x", "y"], [[1.0, 0.5], [0.25, 1.0]], about="Squares"),
]


@pytest.mark.parametrize("svg", SVG)
def test_a_drawing_is_well_formed_and_says_what_it_is(svg: str) -> None:
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert "nan" not in svg
    assert "inf" not in svg.replace("font-family", "")


def titles(svg: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter("title")]


def test_every_value_can_be_read_off() -> None:
    assert titles(SVG[0]) == ["a: 1", "b: 4"]
    assert titles(SVG[2]) == ["a: 1", "c: 0"]
    assert titles(SVG[3]) == ["<i>, one: 50 %", "b, one: 0 %", "b, two: 100 %"]
    assert titles(SVG[4]) == ["x: 100 %", "x and y: 50 %", "y and x: 25 %", "y: 100 %"]


def test_bars_are_as_high_as_their_values() -> None:
    heights = [float(one.get("height") or 0) for one in ElementTree.fromstring(SVG[0]).iter("rect")]
    assert heights[1] == pytest.approx(4 * heights[0], rel=0.01)


def test_a_line_is_broken_where_a_value_is_missing() -> None:
    first = next(ElementTree.fromstring(SVG[2]).iter("path")).get("d") or ""
    assert (first.count("M"), first.count("L")) == (2, 0)


def test_counts_are_gathered_in_ranges() -> None:
    labels, counts = plots.binned([(1, 5), (3, 1), (4, 1), (60, 2)])
    assert labels == ["1", "2", "3–4", "5–9", "10–19", "20–49", "50–99"]
    assert counts == [5, 0, 2, 0, 0, 0, 2]
    assert plots.binned([]) == ([], [])


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (7, "7"), (1234, "1,234"), (12_500, "12.5k"), (2e6, "2M"), (0.25, "0.25"), (2.25, "2.2")],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert plots.number(value) == text
