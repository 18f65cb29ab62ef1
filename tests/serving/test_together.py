"""Lists for several people: means that are fair, and films that nobody may see."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from movieapp.database import Database
from movieapp.errors import Invalid
from movieapp.models.bundle import Bundle
from movieapp.serving import company as company_module
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.company import AVERSION, Company, Scale, fair_mean
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.lists import Filters
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.together import Evening, Evenings, Together
from tests.rows import rows
from tests.thorough import examples

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STRANGER = 4711


def company(values: list[list[float]]) -> Company:
    """A score table made by hand."""
    table = np.array(values)
    return Company(cast(Any, None), {}, Scale.STARS, table, np.full(table.shape, np.nan, np.float32))


def test_the_slider_leads_from_the_average_to_the_least() -> None:
    # Film 0 pleases one and bores the other, film 1 is fine with both, film 2 is for nobody.
    table = company([[5.0, 3.5, 2.0], [2.4, 3.4, 2.0]])
    everything = np.ones(3, bool)
    columns, means = table.best(everything, 3, 0.0)
    assert columns.tolist() == [0, 1, 2]
    assert means == pytest.approx([3.7, 3.45, 2.0])
    columns, means = table.best(everything, 3, 1.0)
    assert columns.tolist() == [1, 0, 2]
    assert means == pytest.approx([3.4, 2.4, 2.0])
    assert table.best(everything, 1, 0.5)[0].tolist() == [1]
    assert table.best(np.array([True, False, True]), 3, 1.0)[0].tolist() == [0, 2]


def test_equals_keep_their_order() -> None:
    assert company([[3.0] * 4, [4.0] * 4]).best(np.ones(4, bool), 4, 0.5)[0].tolist() == [0, 1, 2, 3]


def test_the_mean_is_the_power_mean_of_its_formula() -> None:
    values = np.array([[3.0], [4.5]])
    half = ((3.0**-3 + 4.5**-3) / 2) ** (-1 / 3)
    assert fair_mean(values, 0.5) == pytest.approx([half])
    geometric = 1 / (1 + AVERSION)
    assert fair_mean(values, geometric) == pytest.approx([np.sqrt(3.0 * 4.5)])


@settings(max_examples=examples(50))
@given(
    arrays(np.float64, (3, 4), elements=st.floats(0.5, 5.5)),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_the_mean_lies_between_the_least_and_the_average_and_only_falls(
    values: np.ndarray, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    fair, fairer = fair_mean(values, low), fair_mean(values, high)
    assert (fair <= values.mean(axis=0) + 1e-9).all()
    assert (fairer <= fair + 1e-9).all()
    assert (values.min(axis=0) <= fairer + 1e-9).all()


class Served:
    """Lists over a database, with the parts at hand."""

    def __init__(self, database: Database, bundle: Bundle | None) -> None:
        self.database = database
        self.profiles = Profiles(database)
        self.profiles.load()
        self.log = RequestLog(database)
        self.recommender = Recommender(database, self.profiles, self.log, clock=lambda: NOW)
        self.recommender.show(read_catalogue(database))
        if bundle is not None:
            self.recommender.swap(bundle, version="1")
        self.evenings = Evenings(self.recommender, self.profiles)


@pytest.fixture
def served(tiny_copy: Database, starry: Bundle) -> Iterator[Served]:
    served = Served(tiny_copy, starry)
    yield served
    served.log.close()


def ids(found: Together) -> list[int]:
    return [result.film.movie_id for result in found.answer.results]


def test_each_film_tells_what_each_person_is_expected_to_give(served: Served) -> None:
    found = served.evenings.films(Evening((6, 8), k=2))
    assert (found.scale, found.minded, found.strangers) == (Scale.STARS, (6, 8), ())
    assert not found.answer.is_fallback
    for result, suits in zip(found.answer.results, found.suits, strict=True):
        assert [one.user_id for one in suits] == [6, 8]
        for one in suits:
            (expected,) = served.recommender.expected(one.user_id, [result.film.movie_id])
            assert expected is not None
            assert (one.value, one.spread, one.given) == (expected.stars, expected.spread, None)


def test_a_film_that_some_have_seen_comes_with_the_switch_and_what_they_gave(served: Served) -> None:
    # 6 and 8 saw each other's withheld film, and everything else of their taste.
    assert not {6, 8} & set(ids(served.evenings.films(Evening((6, 8), k=50))))
    found = served.evenings.films(Evening((6, 8), k=50, with_seen=True))
    assert {6, 8} <= set(ids(found))
    assert 10 not in ids(found)
    of_six = dict(zip(ids(found), found.suits, strict=True))[6]
    assert [one.given for one in of_six] == [None, 5.0]


def test_a_film_that_one_disliked_stays_out_even_with_the_switch(served: Served) -> None:
    # Film 7 got two stars from user 6; user 9 gave it five.
    assert 7 not in ids(served.evenings.films(Evening((6, 9), k=50, with_seen=True)))


def test_a_film_that_one_has_watched_is_seen(served: Served) -> None:
    served.profiles.tell(6, 6, Event(EventType.WATCHED), now=NOW)
    assert 6 not in ids(served.evenings.films(Evening((6, 9), k=50)))
    assert 6 in ids(served.evenings.films(Evening((6, 9), k=50, with_seen=True)))


movies = st.sets(st.integers(1, 24), max_size=8)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(movies, movies, movies, st.booleans(), st.sampled_from([0.0, 0.5, 1.0]))
def test_what_anybody_vetoed_hid_or_disliked_never_appears(
    served: Served, vetoed: set[int], hidden: set[int], disliked: set[int], with_seen: bool, fairness: float
) -> None:
    for movie_id in hidden:
        served.profiles.tell(5, movie_id, Event(EventType.HIDE), now=NOW)
    for movie_id in disliked:
        served.profiles.tell(12, movie_id, Event(EventType.DISLIKE), now=NOW)
    asked = Evening((5, 12), fairness, 50, with_seen=with_seen, vetoed=tuple(vetoed))
    found = ids(served.evenings.films(asked))
    assert not set(found) & (vetoed | hidden | disliked)
    assert found == ids(served.evenings.films(asked))


def test_filters_hold(served: Served) -> None:
    asked = Evening((5, 12), k=50, filters=Filters(exclude_genres=("Comedy",)), with_seen=True)
    found = served.evenings.films(asked).answer.results
    assert found
    assert all("Comedy" not in result.film.genres for result in found)


def test_a_stranger_is_named_and_does_not_count(served: Served) -> None:
    alone = served.evenings.films(Evening((6,), k=5))
    found = served.evenings.films(Evening((6, STRANGER), k=5))
    assert ids(found) == ids(alone)
    assert (found.minded, found.strangers) == ((6,), (STRANGER,))
    assert found.answer.notice is not None
    assert found.answer.notice.startswith(f"User {STRANGER} has not rated")


def test_strangers_alone_get_popular_films_and_are_told_so(served: Served) -> None:
    found = served.evenings.films(Evening((STRANGER, STRANGER + 1), k=3))
    assert found.answer.is_fallback
    assert "popular" in (found.answer.notice or "")
    assert len(found.answer.results) == len(found.suits) == 3


def test_without_a_model_of_stars_people_are_compared_by_percentile(
    tiny: Database, tiny_bundle: Bundle
) -> None:
    served = Served(tiny, tiny_bundle)
    found = served.evenings.films(Evening((6, 5), fairness=1.0, k=3))
    assert found.scale is Scale.PERCENTILE
    for result, suits in zip(found.answer.results, found.suits, strict=True):
        assert all(0 < one.value <= 1 and one.spread is None for one in suits)
        assert result.score == pytest.approx(min(one.value for one in suits))
    # For one person, places are those among all films that the model knows, seen ones included.
    everything = served.recommender.recommend(6, k=100, exclude_seen=False).results
    scores = {one.film.movie_id: one.score for one in everything if one.score is not None}
    assert found.n_known == len(scores)
    for result, (one, _) in zip(found.answer.results, found.suits, strict=True):
        score = scores[result.film.movie_id]
        assert found.place(one) == 1 + sum(other > score for other in scores.values())


def test_places_are_told_down_to_the_last(
    tiny: Database, tiny_bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a mean is taken of is raised to the least that it may be; what is told of each film is not.
    monkeypatch.setitem(company_module.LEAST, "percentile", 0.9)
    served = Served(tiny, tiny_bundle)
    found = served.evenings.films(Evening((6, 5), k=100, with_seen=True))
    scores = {
        one.film.movie_id: one.score
        for one in served.recommender.recommend(6, k=100, exclude_seen=False).results
        if one.score is not None
    }
    for result, (one, _) in zip(found.answer.results, found.suits, strict=True):
        score = scores[result.film.movie_id]
        assert found.place(one) == 1 + sum(other > score for other in scores.values())


def test_before_there_is_a_model_popular_films_are_shown(tiny: Database) -> None:
    found = Served(tiny, None).evenings.films(Evening((6, 8), k=3))
    assert found.answer.is_fallback
    assert "No model is ready yet" in (found.answer.notice or "")


@pytest.mark.parametrize("n", [0, 11])
def test_too_few_and_too_many_people_are_refused(served: Served, n: int) -> None:
    with pytest.raises(Invalid, match="Name 1 to 10 people"):
        served.evenings.films(Evening(tuple(range(1, n + 1))))


def test_the_list_is_logged_with_what_was_asked(served: Served) -> None:
    served.log.start()
    found = served.evenings.films(Evening((6, 8), k=2, vetoed=(3,)))
    served.log.close()
    logged = rows(served.database, "select endpoint, user_id, recommendations, asked from requests")
    endpoint, user_id, recommendations, asked = logged.row(0)
    assert (endpoint, user_id, recommendations) == ("together", None, ids(found))
    assert json.loads(asked)["user_ids"] == [6, 8]
    assert json.loads(asked)["vetoed"] == [3]
