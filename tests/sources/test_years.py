"""The year at the end of a title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movieapp.sources.years import FIRST_FILM, LAST_YEAR, release_year


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("Toy Story (1995)", 1995),
        ("Matrix, The (1999)", 1999),
        ("City of Lost Children, The (Cité des enfants perdus, La) (1995)", 1995),
        ("Justice League: The New Frontier (2008) ", 2008),
        ("Death Note: Desu nôto (2006–2007)", 2006),
        ("Fawlty Towers (1975-1979)", 1975),
        ("Diplomatic Immunity (2009– )", 2009),
        ("Land Before Time III: The Time of the Great Giving (1995) (V)", 1995),
        ("Doc West  ( 2009 )", 2009),
        ("2001: A Space Odyssey (1968)", 1968),
        ("Blade Runner 2049 (2017)", 2017),
        ("(500) Days of Summer (2009)", 2009),
        ("A Film (1956) (1996)", 1996),
        ("1984", None),
        ("Babylon 5", None),
        ("unknown", None),
        ("", None),
        ("A Film (12345)", None),
        ("A Film (0007)", None),
        ("A Film (٢٠٠١)", None),
    ],
)
def test_the_year_is_the_last_one_in_parentheses(title: str, year: int | None) -> None:
    assert release_year(title) == year


@given(
    name=st.text(max_size=40),
    year=st.integers(FIRST_FILM, LAST_YEAR),
    blanks=st.sampled_from(["", " ", "\t"]),
)
def test_any_name_followed_by_a_year_has_that_year(name: str, year: int, blanks: str) -> None:
    assert release_year(f"{name} ({year}){blanks}") == year


@given(st.text())
def test_no_title_breaks_it(title: str) -> None:
    year = release_year(title)
    assert year is None or (FIRST_FILM <= year <= LAST_YEAR and str(year) in title)
