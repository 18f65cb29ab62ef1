"""Why a film stands where it does, checked by taking the ratings away for real."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from movieapp.database import Database
from movieapp.errors import NotFound
from movieapp.models.bundle import Bundle
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from tests.tiny_release import UNRATED

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PERSON = 5


@pytest.fixture
def parts(tiny_copy: Database, tiny_bundle: Bundle) -> Iterator[tuple[Recommender, Profiles]]:
    profiles = Profiles(tiny_copy)
    profiles.load()
    log = RequestLog(tiny_copy)
    recommender = Recommender(tiny_copy, profiles, log, clock=lambda: NOW)
    recommender.show(read_catalogue(tiny_copy))
    recommender.swap(tiny_bundle, version="1")
    yield recommender, profiles
    log.close()


def places(recommender: Recommender, user_id: int) -> list[int]:
    answer = recommender.recommend(user_id, k=500)
    return [result.film.movie_id for result in answer.results if result.score is not None]


def test_the_place_is_the_one_in_the_list(parts: tuple[Recommender, Profiles]) -> None:
    recommender, _ = parts
    listed = places(recommender, PERSON)
    for place, movie_id in enumerate(listed[:5], start=1):
        explanation = recommender.explain(PERSON, movie_id)
        assert explanation.place == place
        assert explanation.n_films == len(listed)


def test_places_without_a_rating_are_what_taking_it_back_gives(parts: tuple[Recommender, Profiles]) -> None:
    recommender, profiles = parts
    movie_id = places(recommender, PERSON)[0]
    explanation = recommender.explain(PERSON, movie_id)
    assert explanation.carrying
    assert all(one.stars >= 4 and 0 < one.share <= 1 for one in explanation.carrying)
    shares = [one.share for one in explanation.carrying]
    assert shares == sorted(shares, reverse=True)
    first = explanation.carrying[0]
    profiles.unrate(PERSON, first.film.movie_id, now=NOW)
    without = [film for film in places(recommender, PERSON) if film != first.film.movie_id]
    assert without.index(movie_id) + 1 == first.place_without


def test_a_stranger_and_an_unknown_film_are_refused(parts: tuple[Recommender, Profiles]) -> None:
    recommender, _ = parts
    with pytest.raises(NotFound, match="no ratings yet"):
        recommender.explain(99_999, 1)
    with pytest.raises(NotFound, match="10 ratings"):
        recommender.explain(PERSON, UNRATED)
