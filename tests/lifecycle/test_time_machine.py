"""The time machine: moments of a history, and lists that know nothing of what came after them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.lifecycle.time_machine import MIN_BEFORE, MOST_STOPS, Cut, Stop, TimeMachine, Visit, itinerary
from tests.databases import copy_of
from tests.thorough import examples

BEGIN = datetime(1998, 1, 1)
PEOPLE, FILMS, DAYS = 40, 24, 360
PERSON = 3


def history(instants: list[datetime], stars: list[float] | None = None) -> pl.DataFrame:
    n = len(instants)
    return pl.DataFrame(
        {"movie_id": range(1, n + 1), "rating": stars or [5.0] * n, "rated_at": instants},
        schema={"movie_id": pl.Int32, "rating": pl.Float32, "rated_at": pl.Datetime("us")},
    )


def daily(n: int, every: timedelta) -> list[datetime]:
    return [BEGIN + place * every for place in range(n)]


def test_months_in_which_something_was_rated_are_the_moments() -> None:
    found = itinerary(history(daily(40, timedelta(days=4))))
    assert found.cut is Cut.MONTHS
    assert [stop.at for stop in found.stops] == [datetime(1998, month, 1) for month in (2, 3, 4, 5, 6)]
    assert [stop.n_before for stop in found.stops] == [8, 15, 23, 30, 38]


def test_one_sitting_is_cut_after_5_10_20_ratings() -> None:
    found = itinerary(history(daily(30, timedelta(minutes=1))))
    assert found.cut is Cut.RATINGS
    assert [stop.n_before for stop in found.stops] == [5, 10, 20]
    assert found.stops[0].at == BEGIN + timedelta(minutes=5)


def test_a_sitting_with_a_straggler_is_still_cut_by_ratings() -> None:
    instants = [*daily(30, timedelta(minutes=1)), datetime(1999, 5, 4), datetime(1999, 6, 4)]
    assert itinerary(history(instants)).cut is Cut.RATINGS


def test_what_shares_an_instant_is_known_together() -> None:
    # Seven ratings at one instant, seven at the next: after five is nothing, after ten are seven.
    instants = [BEGIN] * 7 + [BEGIN + timedelta(seconds=1)] * 7
    assert [stop.n_before for stop in itinerary(history(instants)).stops] == [7]
    assert itinerary(history([BEGIN] * 14)).stops == ()


def test_there_is_a_like_to_find_after_every_moment() -> None:
    stars = [5.0] * 12 + [2.0] * 28
    found = itinerary(history(daily(40, timedelta(days=4)), stars))
    assert [stop.at for stop in found.stops] == [] or found.stops[-1].at <= BEGIN + timedelta(days=44)
    assert itinerary(history(daily(40, timedelta(days=4)), [3.0] * 40)).stops == ()


@settings(max_examples=examples(80))
@given(st.lists(st.tuples(st.integers(0, 4000), st.sampled_from([1.0, 3.5, 4.0, 5.0])), max_size=120))
def test_moments_keep_their_promises(given_ratings: list[tuple[int, float]]) -> None:
    given_ratings.sort()
    instants = [BEGIN + timedelta(hours=hours) for hours, _ in given_ratings]
    ratings = history(instants, [stars for _, stars in given_ratings] or None)
    stops = itinerary(ratings).stops
    assert len(stops) <= MOST_STOPS
    assert [stop.at for stop in stops] == sorted({stop.at for stop in stops})
    for stop in stops:
        assert stop.n_before == sum(instant < stop.at for instant in instants) >= MIN_BEFORE
        assert any(
            at >= stop.at and stars >= 4 for at, (_, stars) in zip(instants, given_ratings, strict=True)
        )


def two_tastes() -> pl.DataFrame:
    """A year in which odd people come to like odd films, even people even ones, in an order of chance."""
    rng = np.random.default_rng(4)
    pairs = [(user, movie) for user in range(1, PEOPLE + 1) for movie in range(1, FILMS + 1)]
    kept = rng.permutation(len(pairs))[: int(0.85 * len(pairs))]
    seconds = np.sort(rng.integers(0, DAYS * 86_400, len(kept)))
    begin = int((BEGIN - datetime(1970, 1, 1)).total_seconds())
    rows = [
        (*pairs[place], 5.0 if sum(pairs[place]) % 2 == 0 else 2.0, begin + int(second))
        for place, second in zip(kept, seconds, strict=True)
    ]
    return pl.DataFrame(rows, schema=["user_id", "movie_id", "rating", "seconds"], orient="row")


def fill(database: Database, ratings: pl.DataFrame) -> None:
    database.write("ingest/delete_ratings")
    database.write("ingest/ratings", incoming=ratings, now=datetime(2026, 1, 1))


@pytest.fixture
def year() -> Iterator[Database]:
    database = copy_of()
    fill(database, two_tastes())
    yield database
    database.close()


def of_then(visit: Visit) -> tuple[object, ...]:
    """Return what a moment looked like, without what became of it."""
    lists = [[one.movie_id for one in films] for films in (visit.shown, visit.popular)]
    return (*lists, visit.n_ratings, visit.n_people, visit.n_films, visit.is_personal, visit.stop)


def middle(database: Database) -> Stop:
    return TimeMachine(database).itinerary(PERSON).stops[2]


def test_lists_of_then_are_of_the_persons_taste(year: Database) -> None:
    stop = middle(year)
    visit = TimeMachine(year).visit(PERSON, stop, k=4)
    ratings = two_tastes().filter(pl.col("user_id") == PERSON)
    begin = int((stop.at - datetime(1970, 1, 1)).total_seconds())
    seen = set(ratings.filter(pl.col("seconds") < begin)["movie_id"])
    later = dict(ratings.filter(pl.col("seconds") >= begin).select("movie_id", "rating").iter_rows())
    assert all(one.movie_id % 2 == 1 for one in visit.shown)
    for listed in (visit.shown, visit.popular):
        assert seen.isdisjoint(one.movie_id for one in listed)
        assert [one.stars for one in listed] == [later.get(one.movie_id) for one in listed]
    assert visit.n_loved == sum(stars >= 4 for stars in later.values())
    assert visit.n_hits == sum(later.get(one.movie_id, 0) >= 4 for one in visit.shown)
    assert visit.place is not None
    assert visit.popular_place is not None
    assert visit.place < visit.popular_place


@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**16), kept=st.floats(0, 1), flipped=st.booleans())
def test_the_future_never_reaches_the_past(year: Database, seed: int, kept: float, flipped: bool) -> None:
    everything = two_tastes()
    fill(year, everything)
    stop = middle(year)
    before = TimeMachine(year).visit(PERSON, stop)
    begin = int((stop.at - datetime(1970, 1, 1)).total_seconds())
    rng = np.random.default_rng(seed)
    # Another future: some of it never happens, what happens has other stars, and new people come.
    future = everything.filter(pl.col("seconds") >= begin)
    future = future.filter(pl.Series(rng.random(len(future)) < kept))
    new = pl.DataFrame(
        {
            "user_id": rng.integers(PEOPLE + 1, 2 * PEOPLE, 200),
            "movie_id": rng.integers(1, 2 * FILMS, 200),
            "rating": rng.choice([1.0, 5.0], 200),
            "seconds": begin + rng.integers(0, 10**7, 200),
        }
    ).unique(["user_id", "movie_id"], keep="first", maintain_order=True)
    if flipped:
        future = future.with_columns(rating=7.0 - pl.col("rating"))
    past = everything.filter(pl.col("seconds") < begin)
    fill(year, pl.concat([past, future, new], how="vertical_relaxed"))
    after = TimeMachine(year).visit(PERSON, stop)
    assert of_then(after) == of_then(before)


def test_another_past_makes_other_lists(year: Database) -> None:
    stop = middle(year)
    before = TimeMachine(year).visit(PERSON, stop)
    fill(year, two_tastes().with_columns(rating=7.0 - pl.col("rating")))
    after = TimeMachine(year).visit(PERSON, stop)
    assert of_then(after) != of_then(before)


def test_nothing_is_learned_from_what_was_set_aside(year: Database) -> None:
    stop = middle(year)
    before = year.read("lifecycle/known_before", until=stop.at)
    aside = before.filter(pl.col("user_id") == PERSON)["movie_id"].to_list()[:2]
    frame = pl.DataFrame({"movie_id": aside, "at": [BEGIN] * 2}, schema_overrides={"movie_id": pl.Int32})
    year.write("catalog/add_unlearned", incoming=frame, user_id=PERSON)
    after = year.read("lifecycle/known_before", until=stop.at)
    assert len(after) == len(before) - 2
    assert set(aside).isdisjoint(year.read("lifecycle/rated_by", user_id=PERSON)["movie_id"])


def test_before_anybody_rated_there_is_nothing_to_show(year: Database) -> None:
    visit = TimeMachine(year).visit(PERSON, Stop(BEGIN, 0))
    assert (visit.shown, visit.popular, visit.n_ratings, visit.place) == ((), (), 0, None)
    assert visit.n_loved > 0


def test_a_moment_is_fitted_once_for_everybody(year: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    machine, stop = TimeMachine(year), middle(year)
    first = machine.visit(PERSON, stop)
    reads: list[str] = []
    read = year.read
    monkeypatch.setattr(year, "read", lambda name, **params: reads.append(name) or read(name, **params))
    assert machine.visit(PERSON, stop) == first
    machine.visit(PERSON + 1, stop)
    assert "lifecycle/known_before" not in reads
