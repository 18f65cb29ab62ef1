"""What is shown against what is liked, on eight films of known genres."""

from datetime import UTC, datetime, timedelta

import pytest

from movieapp.database import Database
from movieapp.monitoring.drift import Share, drift
from movieapp.monitoring.measures import Period
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
    for event_id, user_id, when in ((1, 1, BEFORE), (2, 2, WITHIN)):
        database.write(
            "serving/add_feedback",
            event_id=f"00000000-0000-0000-0000-00000000000{event_id}",
            now=when,
            user_id=user_id,
            movie_id=3,
            event_type="like",
            value=None,
            request_id=None,
        )
    found = drift(database, PERIOD, trained_at=None)
    database.close()
    assert (found.n_liked, found.n_liked_before) == (1, 1)


def test_ages_are_in_days_at_the_end_of_the_period() -> None:
    database = database_of([], GENRES)
    rate(database, [(1, 3, 5.0, datetime(2025, 12, 31, 12, 30)), (1, 4, 5.0, datetime(2026, 2, 1))])
    ages = drift(database, PERIOD, trained_at=NOW - timedelta(hours=36)).ages
    database.close()
    assert (ages.model_days, ages.data_days, ages.arrival_days) == (1.5, 2.0, 2.0)


def test_nothing_shown_and_nothing_liked_is_no_share_at_all() -> None:
    database = Database()
    database.migrate()
    found = drift(database, PERIOD, trained_at=datetime(2027, 1, 1, tzinfo=UTC))
    database.close()
    assert (found.genres.groups, found.genres.from_taste, found.popularity.of_taste) == ((), None, None)
    assert (found.ages.model_days, found.ages.data_days) == (0.0, None)
