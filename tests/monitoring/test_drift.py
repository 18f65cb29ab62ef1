"""What is shown against what is liked, on eight films of known genres."""

import uuid
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from movieapp.database import Database
from movieapp.monitoring.drift import Share, drift
from movieapp.monitoring.measures import Period
from tests.databases import copy_of
from tests.monitoring.logged import NOW, SINCE, a_request, database_of, rate

PERIOD = Period(SINCE, NOW)
GENRES = [["Drama"], ["Drama", "War"], ["War"], [], *[["Comedy"]] * 4]
BEFORE, WITHIN = datetime(2025, 12, 1), datetime(2026, 1, 2, 10)


def test_shares_by_genre_give_each_genre_of_a_film_its_part() -> None:
    database = database_of([a_request(recommendations=[1, 2]), a_request(recommendations=[1, 4])], GENRES)
    rate(database, [(1, 3, 5.0, WITHIN), (1, 5, 3.5, WITHIN), (2, 5, 4.0, BEFORE)])
    found = drift(database, PERIOD, trained_at=None)
    database.close()
    assert found.genres.groups == (
        Share("(none listed)", 0.25, 0.0, 0.0),
        Share("Comedy", 0.0, 0.0, 1.0),
        Share("Drama", 0.625, 0.0, 0.0),
        Share("War", 0.125, 1.0, 0.0),
    )
    assert (found.n_shown, found.n_liked, found.n_liked_before) == (4, 1, 1)
    assert found.genres.from_taste == pytest.approx(0.875)
    assert found.genres.of_taste == 1.0


def test_tenths_go_by_what_was_rated_before_the_period() -> None:
    database = database_of([a_request(recommendations=[3, 3, 7])], GENRES)
    # Film 7 is the most rated before the period; film 3 only within it.
    rate(
        database,
        [(user, 7, 1.0, BEFORE) for user in range(1, 4)] + [(user, 3, 4.0, WITHIN) for user in (1, 2)],
    )
    found = drift(database, PERIOD, trained_at=None).popularity
    database.close()
    by_tenth = {share.name: share for share in found.groups}
    assert list(by_tenth) == [str(tenth) for tenth in range(1, 9)]
    assert by_tenth["1"].shown == pytest.approx(1 / 3)
    assert by_tenth["4"].shown == pytest.approx(2 / 3)
    assert by_tenth["4"].liked == 1.0
    assert found.from_taste == pytest.approx(1 / 3)
    assert found.of_taste is None


def test_a_like_without_stars_counts_once_and_at_its_first_time() -> None:
    database = database_of([], GENRES)
    rate(database, [(1, 3, 5.0, WITHIN)])
    like(database, 1, BEFORE)
    like(database, 2, WITHIN)
    found = drift(database, PERIOD, trained_at=None)
    database.close()
    assert (found.n_liked, found.n_liked_before) == (1, 1)


def like(database: Database, user_id: int, when: datetime, *, opinion: str = "like") -> None:
    """Let somebody like film 3, or say something else of it."""
    frame = pl.DataFrame({"movie_id": [3], "kind": [opinion], "at": [when]})
    database.write("catalog/add_opinions", incoming=frame, user_id=user_id)


def test_a_like_counts_as_long_as_it_stands() -> None:
    database = database_of([], GENRES)
    event = {"now": WITHIN, "movie_id": 3, "value": None, "request_id": None}
    for user_id, kind in ((1, "like"), (1, "opinion_removed")):
        database.write(
            "serving/add_feedback", event_id=str(uuid.uuid4()), user_id=user_id, event_type=kind, **event
        )
    like(database, 2, WITHIN, opinion="dislike")
    for user_id in (3, 4):
        like(database, user_id, WITHIN)  # imported: no event tells of it
    found = drift(database, PERIOD, trained_at=None)
    database.close()
    assert (found.n_liked, found.n_liked_before) == (2, 0)


def test_films_that_somebody_brought_were_not_shown() -> None:
    brought = [a_request(endpoint=one, recommendations=[3, 5]) for one in ("rank", "explain")]
    database = database_of([a_request(recommendations=[1]), *brought], GENRES)
    found = drift(database, PERIOD, trained_at=None)
    database.close()
    assert found.n_shown == 1
    assert {share.name: share.shown for share in found.genres.groups}["Drama"] == 1.0


def test_ages_are_in_days_at_the_end_of_the_period() -> None:
    database = database_of([], GENRES)
    rate(database, [(1, 3, 5.0, datetime(2025, 12, 31, 12, 30)), (1, 4, 5.0, datetime(2026, 2, 1))])
    ages = drift(database, PERIOD, trained_at=NOW - timedelta(hours=36)).ages
    database.close()
    assert (ages.model_days, ages.data_days, ages.arrival_days) == (1.5, 2.0, 2.0)


def test_nothing_shown_and_nothing_liked_is_no_share_at_all() -> None:
    database = copy_of()
    found = drift(database, PERIOD, trained_at=datetime(2027, 1, 1, tzinfo=UTC))
    database.close()
    assert (found.genres.groups, found.genres.from_taste, found.popularity.of_taste) == ((), None, None)
    assert (found.ages.model_days, found.ages.data_days) == (0.0, None)
