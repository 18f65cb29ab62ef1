"""The first page: each row is what its title says, and no film stands there twice or unwanted."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.models.als import ALS
from movieapp.models.bundle import Bundle
from movieapp.preparation.interactions import Interactions, read_ratings
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.home import LEAST, Home, Row, RowKind
from movieapp.serving.lists import Filters, Window
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from tests.databases import copy_of
from tests.rows import rows
from tests.thorough import examples

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
GENRES = ("Action", "Comedy", "Drama", "Western")
FILMS, PEOPLE, K = 400, 60, 6
NEWEST = 1_500_000_000


def genre(movie_id: int) -> int:
    return movie_id % 4


def rates(user_id: int, movie_id: int) -> bool:
    """Films of higher ids are rated by fewer people, and Westerns by every fifth person."""
    if genre(movie_id) == 3 and user_id % 5:
        return False
    return (user_id * 7 + movie_id) % (2 + movie_id // 80) == 0


def fill(database: Database) -> None:
    """Everybody likes films of one of the first three genres; the last month has a twentieth of the likes."""
    movies = pl.DataFrame(
        {
            "movie_id": range(1, FILMS + 1),
            "title": [f"Film {i} ({1950 + i % 60})" for i in range(1, FILMS + 1)],
            "release_year": [1950 + i % 60 for i in range(1, FILMS + 1)],
            "genres": [[GENRES[genre(i)]] for i in range(1, FILMS + 1)],
        }
    )
    pairs = [(u, m) for u in range(1, PEOPLE + 1) for m in range(1, FILMS + 1) if rates(u, m)]
    ratings = pl.DataFrame(
        {
            "user_id": [u for u, _ in pairs],
            "movie_id": [m for _, m in pairs],
            "rating": [5.0 if genre(m) in (u % 3, 3) else 2.0 for u, m in pairs],
            "seconds": [NEWEST - 86_400 * 5 * ((u * 31 + m * 17) % 120) for u, m in pairs],
        }
    )
    database.append("ingest/movies", movies)
    database.write("ingest/ratings", incoming=ratings, now=NOW.replace(tzinfo=None))
    origin = {"release": "rows", "origin": "made up", "checksum": "0"}
    database.write("ingest/record_dataset", **origin, now=NOW.replace(tzinfo=None), n_rejected=0)


class Served:
    """A recommender over that release, whose clock can be set."""

    def __init__(self) -> None:
        self.database = copy_of(fill)
        ratings = Interactions.of(read_ratings(self.database))
        als = ALS(factors=8, iterations=5).fit(ratings)
        facts = {"algorithm": "als", "trained_at": NOW.isoformat(), "metrics": {}}
        self.bundle = Bundle.of(als, als, ratings, facts=facts)
        self.profiles = Profiles(self.database)
        self.profiles.load()
        self.log = RequestLog(self.database)
        self.now = NOW
        self.recommender = Recommender(self.database, self.profiles, self.log, clock=lambda: self.now)
        self.recommender.show(read_catalogue(self.database))
        self.recommender.swap(self.bundle, version="1")

    def tell(self, user_id: int, movie_id: int, kind: EventType) -> str:
        return self.profiles.tell(user_id, movie_id, Event(kind), now=NOW)


@pytest.fixture(scope="module")
def reader() -> Iterator[Served]:
    """For tests that put back what they change."""
    served = Served()
    yield served
    served.log.close()
    served.database.close()


def ids(row: Row) -> list[int]:
    return [result.film.movie_id for result in row.results]


def shown(home: Home) -> list[int]:
    return [movie_id for row in home.rows for movie_id in ids(row)]


def row(home: Home, kind: RowKind) -> Row:
    return next(one for one in home.rows if one.kind is kind)


def seen(user_id: int) -> set[int]:
    return {movie for movie in range(1, FILMS + 1) if rates(user_id, movie)}


def likes(movie_id: int) -> int:
    return sum(rates(u, movie_id) and genre(movie_id) in (u % 3, 3) for u in range(1, PEOPLE + 1))


def test_somebody_known_gets_every_kind_of_row(reader: Served) -> None:
    home = reader.recommender.home(1, k=K)
    kinds = [one.kind for one in home.rows]
    assert kinds[0] is RowKind.FOR_YOU
    assert set(kinds) == set(RowKind) - {RowKind.WATCHLIST}
    assert kinds.count(RowKind.BECAUSE_YOU_LIKED) == 3
    assert not home.answer.is_fallback
    assert all(LEAST <= len(one.results) <= K and one.why.endswith(".") for one in home.rows)


def test_the_first_row_is_the_beginning_of_the_list(reader: Served) -> None:
    listed = reader.recommender.recommend(1, k=K)
    assert ids(reader.recommender.home(1, k=K).rows[0]) == [one.film.movie_id for one in listed.results]


def test_a_row_for_a_liked_film_has_films_like_it(reader: Served) -> None:
    for one in reader.recommender.home(1, k=K).rows:
        if one.kind is RowKind.BECAUSE_YOU_LIKED:
            assert one.seed is not None
            assert one.title == f"Because you liked {one.seed.name}"
            assert one.seed.movie_id in seen(1)
            assert genre(one.seed.movie_id) in (1, 3)
            near = reader.recommender.similar([one.seed.movie_id], k=FILMS).results
            places = [result.film.movie_id for result in near]
            assert max(places.index(movie_id) for movie_id in ids(one)) < FILMS / 2


def test_other_seeds_give_other_films(reader: Served) -> None:
    home = reader.recommender.home(1, k=K)
    because = [set(ids(one)) for one in home.rows if one.kind is RowKind.BECAUSE_YOU_LIKED]
    assert len(because) == 3
    assert all(not a & b for a in because for b in because if a is not b)


def test_hidden_gems_are_liked_by_few(reader: Served) -> None:
    counts = [likes(movie_id) for movie_id in range(1, FILMS + 1)]
    few = np.median([count for count in counts if count])
    for user_id in range(1, 20):
        gems = row(reader.recommender.home(user_id, k=20), RowKind.HIDDEN_GEMS)
        assert all(likes(movie_id) <= few for movie_id in ids(gems))
        assert f"Liked by {few:.0f} people at most" in gems.why
        scores = [result.score for result in gems.results]
        assert scores == sorted(scores, reverse=True)  # type: ignore[type-var]


def test_popular_films_are_the_most_liked_of_the_last_month(reader: Served) -> None:
    popular = row(reader.recommender.home(1, k=K), RowKind.POPULAR)
    assert popular.window is Window.MONTH
    order = [one.film.movie_id for one in reader.recommender.popular(k=FILMS, window=Window.MONTH).results]
    places = [order.index(movie_id) for movie_id in ids(popular)]
    assert places == sorted(places)


def test_something_else_is_a_genre_that_the_person_watches_less_than_others(reader: Served) -> None:
    other = row(reader.recommender.home(1, k=K), RowKind.SOMETHING_ELSE)
    assert other.genre == "Western"
    assert {genre(movie_id) for movie_id in ids(other)} == {3}
    assert "None of your" in other.why
    # Every fifth person watches Westerns.
    assert "Western" not in [one.genre for one in reader.recommender.home(5, k=K).rows]


def test_the_watchlist_stands_in_its_own_row_ranked_for_the_person(reader: Served) -> None:
    best = [one.film.movie_id for one in reader.recommender.recommend(1, k=3).results]
    wanted = [FILMS, *best[::-1]]
    events = [reader.tell(1, movie_id, EventType.WATCHLIST) for movie_id in wanted]
    try:
        home = reader.recommender.home(1, k=K)
        assert ids(row(home, RowKind.WATCHLIST)) == [*best, FILMS]
        assert not set(wanted) & set(ids(home.rows[0]))
    finally:
        for event in reversed(events):
            reader.profiles.undo(event)
    assert RowKind.WATCHLIST not in [one.kind for one in reader.recommender.home(1, k=K).rows]


def test_rows_stay_all_day_and_others_come_with_another(reader: Served) -> None:
    first = reader.recommender.home(1, k=K)
    assert reader.recommender.home(1, k=K).rows == first.rows
    reader.recommender.swap(reader.bundle, version="1")
    assert reader.recommender.home(1, k=K).rows == first.rows
    titles = {one.title for one in first.rows}
    try:
        reader.now = NOW + timedelta(days=1)
        later = reader.recommender.home(1, k=K)
    finally:
        reader.now = NOW
    assert {one.title for one in later.rows} != titles
    assert later.rows[0] == first.rows[0]


def test_a_stranger_gets_popular_rows_and_is_told(reader: Served) -> None:
    home = reader.recommender.home(4711, k=K)
    assert home.answer.is_fallback
    assert "4711" in str(home.answer.notice)
    assert [one.window for one in home.rows] == [Window.MONTH, Window.YEAR, Window.ALL]
    assert len(set(shown(home))) == len(shown(home)) == 3 * K


def test_without_a_model_rows_are_popular(reader: Served) -> None:
    recommender = Recommender(reader.database, reader.profiles, reader.log, clock=lambda: NOW)
    recommender.show(read_catalogue(reader.database))
    home = recommender.home(1, k=K)
    assert home.answer.is_fallback
    assert {one.kind for one in home.rows} == {RowKind.POPULAR}
    assert not set(shown(home)) & seen(1)


def test_the_page_is_logged_as_one_request_with_all_its_films(reader: Served) -> None:
    home = reader.recommender.home(33, k=K)
    reader.log.flush()
    (logged,) = rows(reader.database, "from requests where endpoint = 'home' and user_id = 33").rows(
        named=True
    )
    assert str(logged["request_id"]) == home.answer.request_id
    assert logged["recommendations"] == shown(home)
    asked = json.loads(logged["asked"])
    assert asked["k"] == K
    assert [(one["kind"], one["n"]) for one in asked["rows"]] == [
        (one.kind, len(one.results)) for one in home.rows
    ]


movies = st.sets(st.integers(1, FILMS), max_size=4)


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    user_id=st.integers(1, PEOPLE), k=st.integers(4, 30), hidden=movies, watched=movies, wanted=movies,
    unlearned=movies, day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)  # fmt: skip
def test_no_film_stands_there_twice_and_none_that_was_seen_or_hidden(
    reader: Served, user_id: int, k: int, hidden: set[int], watched: set[int], wanted: set[int],
    unlearned: set[int], day: date,
) -> None:  # fmt: skip
    kinds = (
        (EventType.WATCHLIST, wanted), (EventType.HIDE, hidden), (EventType.WATCHED, watched),
        (EventType.UNLEARNED, unlearned),
    )  # fmt: skip
    events = [reader.tell(user_id, movie_id, kind) for kind, films in kinds for movie_id in sorted(films)]
    reader.now = datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        home = reader.recommender.home(user_id, k=k)
        listed = reader.recommender.recommend(user_id, k=k, filters=Filters(exclude_genres=("Drama",)))
    finally:
        reader.now = NOW
        for event in reversed(events):
            reader.profiles.undo(event)
    films = shown(home)
    assert len(set(films)) == len(films)
    assert not set(films) & (seen(user_id) | hidden | watched | unlearned)
    assert all(len(one.results) <= k for one in home.rows)
    assert not any("Drama" in result.film.genres for result in listed.results)
