"""Reasons are true: each is checked against the figures it rests on."""

import numpy as np
import pytest

from movieapp.serving import reasons
from movieapp.serving.lists import Film, Reason, ReasonKind

ALIEN, HEAT, BABE = (
    Film(number, f"{name} (1990)", name, 1990, genres)
    for number, name, genres in ((1, "Alien", ("Horror",)), (2, "Heat", ("Crime",)), (3, "Babe", ("Comedy",)))
)


def behind(contributions: list[float], score: float) -> list[Reason]:
    """Return the reasons of one film with contributions of Alien, Heat and Babe."""
    (found,) = reasons.films_behind(
        ReasonKind.BECAUSE_YOU_LIKED,
        [ALIEN, HEAT, BABE].__getitem__,
        np.array([contributions]),
        np.array([score]),
    )
    return found


def test_names_the_films_that_carry_most_of_the_score_with_their_share() -> None:
    found = behind([0.1, 0.6, 0.3], 1.0)
    assert [(reason.movie_id, reason.share) for reason in found] == [(2, 0.6), (3, 0.3)]
    assert found[0].code == "because_you_liked:Heat (1990)"


def test_names_no_film_that_carries_next_to_nothing_or_speaks_against() -> None:
    assert behind([0.004, -0.5, 0.001], 1.0) == []


@pytest.mark.parametrize("score", [0.0, -1.0])
def test_gives_no_film_as_a_reason_for_a_score_that_is_not_positive(score: float) -> None:
    assert behind([1.0, 0.5, 0.5], score) == []


def test_a_genre_matches_only_when_the_film_has_it() -> None:
    favourites = [Reason(ReasonKind.GENRE_MATCH, genre) for genre in ("Horror", "Comedy")]
    assert [reason.code for reason in reasons.genre_match(ALIEN, favourites)] == ["genre_match:horror"]
    assert reasons.genre_match(HEAT, favourites) == []


def test_liked_by_many_needs_many_likes() -> None:
    assert [reason.code for reason in reasons.popularity(50, 50)] == ["high_popularity"]
    assert reasons.popularity(49, 50) == []
