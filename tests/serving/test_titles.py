"""Titles as MovieLens and as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movieapp.serving.titles import name, names, normalised, year_asked


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Matrix, The (1999)", ["The Matrix"]),
        ("Heat (1995)", ["Heat"]),
        ("Babylon 5", ["Babylon 5"]),
        ("City of Lost Children, The (Cité des enfants perdus, La) (1995)",
         ["The City of Lost Children", "La Cité des enfants perdus"]),
        ("Seven (a.k.a. Se7en) (1995)", ["Seven", "Se7en"]),
        ("Avventura, L' (Adventure, The) (1960)", ["L'Avventura", "The Adventure"]),
        ("(500) Days of Summer (2009)", ["(500) Days of Summer"]),
        ("Death Note: Desu nôto (2006–2007)", ["Death Note: Desu nôto"]),
        ("I, Robot (2004)", ["I, Robot"]),
    ],
)  # fmt: skip
def test_names_of_a_title(title: str, expected: list[str]) -> None:
    assert names(title) == expected


def test_the_year_that_somebody_typed() -> None:
    assert year_asked("The Matrix (1999)") == 1999
    assert year_asked("2001: A Space Odyssey") is None


def test_comparison_ignores_case_accents_and_punctuation() -> None:
    assert normalised("  Amélie: the (FABULOUS) life & times!") == "amelie the fabulous life and times"
    assert normalised("Schindler's List") == normalised("schindlers list")


@given(st.text())
def test_any_text_has_a_name(text: str) -> None:
    assert isinstance(name(text), str)
    assert bool(name(text)) == bool(text.strip())
    assert normalised(normalised(text)) == normalised(text)
