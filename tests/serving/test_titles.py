"""Titles as MovieLens and as people write them."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movieapp.serving.titles import Postings, people_index
from movieapp.sources.titles import all_normalised, name, names, normalised, year_asked


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


@given(st.lists(st.text() | st.text("ab &.,'`_-(1)\n\t\x1f")))
def test_many_texts_are_compared_as_one_is(texts: list[str]) -> None:
    assert all_normalised(pl.Series(texts, dtype=pl.String)).to_list() == list(map(normalised, texts))


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("matrx", [4]),
        ("amtrix", [4]),
        ("heaf", [1, 2, 3]),
        ("heet", [1, 3]),
        ("ht", []),
        ("1998", []),
        ("xyzzy", []),
        ("", []),
    ],
)
def test_the_fewest_mistakes_win_and_numbers_have_none(typed: str, rows: list[int]) -> None:
    postings = Postings.of(
        pl.Series(["heat", "hear", "matrix", "heat", "1999", "hut"]), pl.Series([3, 2, 4, 1, 5, 6])
    )
    assert sorted(postings.of_alike(typed).tolist()) == rows


def test_people_are_found_by_whole_names_and_by_last_names() -> None:
    people = people_index(pl.Series([["Samuel L. Jackson", "Uma Thurman"], [], ["Peter Jackson"], None]))
    assert people.of_key("samuel l jackson").tolist() == [0]
    assert people.of_key("jackson").tolist() == [0, 2]
    assert people.of_key("samuel").tolist() == []
    assert people.of_prefix("thur").tolist() == [0]


def test_postings_give_rows_by_key_and_by_prefix() -> None:
    postings = Postings.of(pl.Series(["heat", "heat", "hear", "matrix", "heat"]), pl.Series([3, 1, 2, 4, 3]))
    assert postings.of_key("heat").tolist() == [1, 3]
    assert postings.of_key("he").tolist() == postings.of_key("z").tolist() == []
    assert sorted(postings.of_prefix("hea").tolist()) == [1, 2, 3]
