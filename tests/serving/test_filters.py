"""Filters by runtime, and that no filter ever lets through what it was set against, whatever the aims."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.models.bundle import Bundle
from movieapp.models.rerank import ListAims
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.lists import Filters
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.sources.metadata import FilmFacts, save
from tests.databases import copy_of, tiny_release
from tests.thorough import examples
from tests.tiny_release import SIZE, movie_genres

NOW = datetime(2026, 1, 1, tzinfo=UTC)
# Film n takes 80 + n minutes; of every fifth film it is not known.
RUNTIMES = {movie_id: 80 + movie_id for movie_id in range(1, SIZE + 1) if movie_id % 5}


@pytest.fixture(scope="module")
def reader(tiny_bundle: Bundle) -> Iterator[Recommender]:
    """A recommender over the tiny release with runtimes."""
    database = copy_of(tiny_release)
    facts = [(one, FilmFacts(one, runtime_min=minutes), "tmdb id") for one, minutes in RUNTIMES.items()]
    with database.transaction() as cursor:
        save(cursor, facts, now=NOW.replace(tzinfo=None))
    profiles = Profiles(database)
    profiles.load()
    recommender = Recommender(database, profiles, RequestLog(database), clock=lambda: NOW)
    recommender.show(read_catalogue(database))
    recommender.swap(tiny_bundle, version="1")
    yield recommender
    database.close()


def ids(
    recommender: Recommender, filters: Filters, aims: ListAims, k: int = 50, user_id: int = 6
) -> list[int]:
    results = recommender.recommend(user_id, k=k, filters=filters, aims=aims).results
    return [result.film.movie_id for result in results]


def test_runtimes_are_inclusive_and_a_film_without_one_fails(reader: Recommender) -> None:
    passing = {
        (None, 90): {1, 2, 3, 4, 6, 7, 8, 9},
        (100, None): {21, 22, 23, 24},
        (84, 86): {4, 6},
        (1, 1000): set(RUNTIMES),
        (None, None): {*range(1, SIZE + 1), 900, 901},
    }
    for (low, high), expected in passing.items():
        mask = reader.catalogue.mask(Filters(runtime_min=low, runtime_max=high))
        assert set(reader.catalogue.movie_ids[mask].tolist()) == expected
    assert reader.catalogue.has_runtimes


def test_without_any_runtime_none_can_be_chosen_by(tiny: Database) -> None:
    catalogue = read_catalogue(tiny)
    assert not catalogue.has_runtimes
    assert not catalogue.mask(Filters(runtime_min=1)).any()


leaning = st.floats(-1, 1, width=32)
genres = st.lists(st.sampled_from(["Comedy", "Thriller", "Romance", "Drama"]), max_size=2).map(tuple)
minutes = st.one_of(st.none(), st.integers(75, 110))


@settings(max_examples=examples(60))
@given(
    user_id=st.integers(1, SIZE), k=st.integers(1, 30), wanted=genres, excluded=genres,
    low=minutes, high=minutes,
    aims=st.builds(ListAims, st.floats(0, 1, width=32), leaning, leaning, leaning, st.booleans()),
)  # fmt: skip
def test_what_is_excluded_never_appears_and_no_list_is_shortened(
    reader: Recommender, user_id: int, k: int, wanted: tuple[str, ...], excluded: tuple[str, ...],
    low: int | None, high: int | None, aims: ListAims,
) -> None:  # fmt: skip
    filters = Filters(wanted, excluded, runtime_min=low, runtime_max=high)
    found = ids(reader, filters, aims, k, user_id)
    unseen = set(ids(reader, Filters(), ListAims(), 50, user_id))

    def passes(movie_id: int) -> bool:
        kinds = set(movie_genres(movie_id)) if movie_id <= SIZE else {"Drama"} if movie_id == 901 else set()
        runtime = RUNTIMES.get(movie_id)
        is_wanted = not wanted or bool(kinds & set(wanted))
        is_short_enough = high is None or (runtime is not None and runtime <= high)
        is_long_enough = low is None or (runtime is not None and runtime >= low)
        return is_wanted and not kinds & set(excluded) and is_short_enough and is_long_enough

    matching = {movie_id for movie_id in unseen if passes(movie_id)}
    assert set(found) <= matching
    assert len(found) == len(set(found)) == min(k, len(matching))
