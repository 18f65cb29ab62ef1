"""Which film somebody means by a title and a year."""

import pytest

from movieapp.sources.title_match import Titled, TitleMatcher

FILMS = {
    1: ("Psycho (1960)", 1960),
    2: ("Psycho (1998)", 1998),
    3: ("Seven (a.k.a. Se7en) (1995)", 1995),
    4: ("Amelie (Fabuleux destin d'Amélie Poulain, Le) (2001)", 2001),
    5: ("M*A*S*H (a.k.a. MASH) (1970)", 1970),
    6: ("Star Wars: Episode V - The Empire Strikes Back (1980)", 1980),
    7: ("Rocky II (1979)", 1979),
    8: ("Rocky III (1982)", 1982),
    9: ("Thor (2011)", 2011),
    10: ("8 1/2 (8½) (1963)", 1963),
    11: ("Good, the Bad and the Ugly, The (Buono, il brutto, il cattivo, Il) (1966)", 1966),
    12: ("War of the Worlds (2005)", 2005),
    13: ("War of the Worlds (2005)", 2005),
    14: ("Emma (1996)", 1996),
    15: ("Emma (1996)", 1996),
    16: ("Pride (2014)", 2014),
    17: ("Undated Film", None),
    18: ("William Shakespeare's Romeo + Juliet (1996)", 1996),
    20: ("Kizumonogatari Part 1: Tekketsu (2016)", 2016),
    19: ("Eternal Sunshine of the Spotless Mind (2004)", 2004),
}
WEIGHTS = {12: 50, 13: 2, 14: 30, 15: 10}


@pytest.fixture(scope="module")
def matcher() -> TitleMatcher:
    return TitleMatcher(
        Titled(key, (title,), year, WEIGHTS.get(key, 1)) for key, (title, year) in FILMS.items()
    )


@pytest.mark.parametrize(
    ("title", "year", "key"),
    [
        ("Psycho", 1960, 1),
        ("Psycho", 1998, 2),
        ("Se7en", 1995, 3),
        ("Amélie", 2001, 4),
        ("Le fabuleux destin d'Amélie Poulain", 2001, 4),
        ("Amélie", 2002, 4),  # a year beside it
        ("MASH", 1970, 5),
        ("M.A.S.H", 1970, 5),
        ("The Empire Strikes Back", 1980, 6),
        ("Rocky 2", 1979, 7),
        ("8½", 1963, 10),
        ("The Good, the Bad and the Ugly", 1966, 11),
        ("Il buono, il brutto, il cattivo", 1966, 11),
        ("War of the Worlds", 2005, 12),  # next to nobody knows the other
        ("Undated Film", 1999, 17),
        ("Romeo + Juliet", 1996, 18),
        ("Eternal Sunshine of a Spotless Mind", 2004, 19),
        ("Eternal Sunshine of the Spotless Mind", None, 19),
    ],
)
def test_the_film_is_found(matcher: TitleMatcher, title: str, year: int | None, key: int) -> None:
    assert matcher.match((title,), year).key == key


@pytest.mark.parametrize(
    ("title", "year", "candidates"),
    [
        ("Psycho", None, {1, 2}),
        ("Psycho", 1983, {1, 2}),
        ("Emma", 1996, {14, 15}),
        ("Thor: Tales of Asgard", 2011, {9}),
        ("Ride", 2014, {16}),
        ("Rocky IV", 1982, {8}),
        ("Amélie", 2010, {4}),
        ("Eternal Sunshine of a Spotless Mind", 2005, {19}),
        ("Kizumonogatari Part 2: Tekketsu", 2016, {20}),
    ],
)
def test_what_is_not_certain_is_left_to_choose(
    matcher: TitleMatcher, title: str, year: int | None, candidates: set[int]
) -> None:
    found = matcher.match((title,), year)
    assert found.key is None
    assert set(found.candidates) == candidates


@pytest.mark.parametrize("title", ["Aftersun", "", "???", "Пианино", "a" * 500])
def test_what_is_not_there_is_not_found(matcher: TitleMatcher, title: str) -> None:
    found = matcher.match((title,), 2022)
    assert (found.key, found.candidates) == (None, ())
