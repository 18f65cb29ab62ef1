"""Replay on a handful of lists whose outcome can be counted by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl
import pytest

from movieapp.database import Database
from movieapp.lifecycle import replay as replaying
from movieapp.lifecycle.replay import Replayed, replay
from tests.lifecycle.bar import Bar
from tests.rows import rows

# Noon of day 0; the popular list beside a list of noon is that of noon.
NOON = datetime(2026, 3, 1, 12)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
LATER = datetime(2026, 6, 1, tzinfo=UTC)


def show(
    database: Database,
    user_id: int | None,
    movie_ids: list[int],
    at: datetime = NOON,
    *,
    version: str | None = "1",
    is_fallback: bool = False,
    endpoint: str = "recommend",
    status: int = 200,
) -> None:
    """Log a list."""
    n = rows(database, "from requests").height
    with database.transaction() as cursor:
        cursor._cursor.execute(
            "insert into requests values ($id, $at, $user, $endpoint, $version, $movies, [], 1.0, $fallback, "
            "$status, '{}')",
            {
                "id": str(UUID(int=n + 1)),
                "at": at,
                "user": user_id,
                "endpoint": endpoint,
                "version": version,
                "movies": movie_ids,
                "fallback": is_fallback,
                "status": status,
            },
        )


def rate(
    database: Database,
    user_id: int,
    movie_id: int,
    at: datetime,
    stars: float = 5.0,
    *,
    arrived_at: datetime | None = None,
) -> None:
    """Add a rating; it arrives when it is made unless told otherwise."""
    with database.transaction() as cursor:
        cursor._cursor.execute(
            "insert into ratings values (?, ?, ?, ?, ?, 'app')",
            [user_id, movie_id, stars, at, arrived_at or at],
        )


def tell(
    database: Database, user_id: int, movie_id: int, event: str, at: datetime, value: float | None = None
) -> None:
    """Add an event."""
    with database.transaction() as cursor:
        cursor._cursor.execute(
            "insert into feedback values (uuid(), ?, ?, ?, ?, ?, null)",
            [at, user_id, movie_id, event, value],
        )


def outcomes(database: Database, *columns: str, now: datetime = LATER, **asked: Any) -> list[tuple[Any, ...]]:
    """Replay, and return what was found per person and day, in order."""
    replay(database, now=now, **asked)
    return rows(database, f"select {', '.join(columns)} from replay_outcomes order by all").rows()  # noqa: S608


def test_a_like_within_the_window_is_a_hit_and_its_edges_hold(database: Database) -> None:
    show(database, 1, [10, 11, 12, 13, 14, 15])
    rate(database, 1, 10, NOON + SECOND)
    rate(database, 1, 11, NOON + 7 * DAY)
    rate(database, 1, 12, NOON + 7 * DAY + SECOND)
    rate(database, 1, 13, NOON + DAY, 3.5)
    tell(database, 1, 14, "like", NOON + DAY)
    # 15 is liked by somebody else.
    rate(database, 2, 15, NOON + DAY)
    assert outcomes(database, "user_id", "n_shown", "n_hits", "n_touched") == [(1, 6, 3, 4)]


def test_the_window_is_an_argument(database: Database) -> None:
    show(database, 1, [10])
    rate(database, 1, 10, NOON + 2 * DAY)
    assert outcomes(database, "n_hits", window_days=1) == [(0,)]
    assert outcomes(database, "n_hits", window_days=2) == [(1,)]


def test_what_was_seen_before_is_no_hit(database: Database) -> None:
    show(database, 1, [10, 11, 12, 13])
    tell(database, 1, 10, "watched", NOON - DAY)
    tell(database, 1, 11, "rating", NOON - DAY, 2.0)
    tell(database, 1, 12, "click", NOON - DAY)
    rate(database, 1, 13, NOON)
    for movie_id in (10, 11, 12):
        rate(database, 1, movie_id, NOON + DAY)
    # A click is no seeing. What was rated at the very moment was rated before, and is not touched after.
    assert outcomes(database, "n_shown", "n_hits", "n_touched") == [(4, 1, 3)]


def test_a_rating_that_was_taken_back_is_no_like_and_one_changed_later_was_one(database: Database) -> None:
    show(database, 1, [10, 11])
    tell(database, 1, 10, "rating", NOON + DAY, 5.0)
    tell(database, 1, 10, "rating_removed", NOON + 2 * DAY)
    tell(database, 1, 11, "rating", NOON + DAY, 5.0)
    tell(database, 1, 11, "rating", NOON + 20 * DAY, 2.0)
    rate(database, 1, 11, NOON + 20 * DAY, 2.0)
    assert outcomes(database, "n_hits", "n_touched") == [(1, 2)]


def keep(database: Database, user_id: int, movie_id: int, opinion: str, since: datetime) -> None:
    """Let an opinion stand, as it does after an event or an import."""
    with database.transaction() as cursor:
        cursor._cursor.execute(
            "insert into opinions values (?, ?, ?, ?)", [user_id, movie_id, opinion, since]
        )


def test_a_like_that_was_taken_back_is_none_and_one_changed_later_was_one(database: Database) -> None:
    show(database, 1, [10, 11, 12])
    tell(database, 1, 10, "like", NOON + DAY)
    tell(database, 1, 10, "click", NOON + DAY + SECOND)
    tell(database, 1, 10, "opinion_removed", NOON + 2 * DAY)
    tell(database, 1, 11, "like", NOON + DAY)
    tell(database, 1, 11, "dislike", NOON + 20 * DAY)
    keep(database, 1, 11, "dislike", NOON + 20 * DAY)
    # A rating that is taken back takes no like along.
    tell(database, 1, 12, "like", NOON + DAY)
    tell(database, 1, 12, "rating", NOON + DAY, 2.0)
    tell(database, 1, 12, "rating_removed", NOON + 2 * DAY)
    keep(database, 1, 12, "like", NOON + DAY)
    assert outcomes(database, "n_hits", "n_touched") == [(2, 3)]


def test_an_opinion_that_was_imported_counts_although_no_event_tells_of_it(database: Database) -> None:
    show(database, 1, [10, 11, 12, 13])
    keep(database, 1, 10, "like", NOON + DAY)
    keep(database, 1, 11, "dislike", NOON + DAY)
    keep(database, 1, 12, "like", NOON - DAY)
    rate(database, 1, 12, NOON + DAY)
    keep(database, 1, 13, "like", NOON + 8 * DAY)
    keep(database, 2, 13, "like", NOON + DAY)
    # Film 12 was liked before it was shown, and so seen; that of 13 came too late.
    assert outcomes(database, "n_hits", "n_touched") == [(1, 3)]


def test_a_film_shown_twice_counts_once_a_window(database: Database) -> None:
    show(database, 1, [10, 11])
    show(database, 1, [10, 12], NOON + 3600 * SECOND)
    show(database, 1, [10, 13], NOON + 2 * DAY)
    rate(database, 1, 10, NOON + 3 * DAY)
    found = outcomes(database, "day", "n_requests", "n_shown", "n_hits")
    assert found == [(date(2026, 3, 1), 2, 3, 1), (date(2026, 3, 3), 1, 1, 0)]


def test_once_the_window_is_over_a_film_counts_again(database: Database) -> None:
    for days in (0, 3, 7, 13, 14):
        show(database, 1, [10], NOON + days * DAY)
    rate(database, 1, 10, NOON + 15 * DAY)
    found = outcomes(database, "day", "n_shown", "n_hits")
    assert [(day.day, shown, hits) for day, shown, hits in found] == [
        (1, 1, 0),
        (4, 0, 0),
        (8, 1, 0),
        (14, 0, 0),
        (15, 1, 1),
    ]


def test_each_version_and_fallbacks_are_counted_apart(database: Database) -> None:
    show(database, 1, [10], version="1")
    show(database, 1, [10], NOON + DAY, version="2")
    show(database, 1, [10], NOON + DAY, version="2", is_fallback=True)
    show(database, 1, [10], NOON + DAY, version=None, is_fallback=True)
    rate(database, 1, 10, NOON + 2 * DAY)
    assert outcomes(database, "model_version", "is_fallback", "n_hits") == [
        ("1", False, 1),
        ("2", False, 1),
        ("2", True, 1),
        ("none", True, 1),
    ]


def test_only_lists_that_were_chosen_for_a_person_count(database: Database) -> None:
    show(database, 1, [10], endpoint="rank")
    show(database, None, [10], endpoint="popular")
    show(database, 1, [], endpoint="recommend")
    show(database, 1, [10], status=404)
    assert replay(database, now=LATER) == Replayed([], 0, [])


def test_a_first_page_counts_and_a_film_of_it_and_of_a_list_counts_once(database: Database) -> None:
    show(database, 1, [10, 11, 12, 13], endpoint="home")
    show(database, 1, [10, 12], NOON + SECOND)
    rate(database, 1, 10, NOON + DAY)
    rate(database, 1, 13, NOON + DAY)
    assert outcomes(database, "n_requests", "n_shown", "n_hits", k=3) == [(2, 3, 1)]


def test_only_the_first_k_places_count(database: Database) -> None:
    show(database, 1, [10, 11, 12])
    rate(database, 1, 12, NOON + DAY)
    assert outcomes(database, "n_shown", "n_hits", k=2) == [(2, 0)]
    assert outcomes(database, "n_shown", "n_hits", k=3) == [(3, 1)]


def test_the_control_is_the_popular_list_of_that_moment_without_what_was_seen(database: Database) -> None:
    # Likes by noon of the first day: film 20 three, 21 two, 22 one; 23 is loved, but nobody knows it yet.
    for user_id, movie_id in ((5, 20), (6, 20), (7, 20), (5, 21), (6, 21), (5, 22)):
        rate(database, user_id, movie_id, NOON - DAY)
    for user_id in range(30, 40):
        rate(database, user_id, 23, NOON - DAY, arrived_at=NOON + SECOND)
        rate(database, user_id, 24, NOON + SECOND)
        rate(database, user_id, 25, NOON - DAY, 3.5)
    # Person 1 has seen 20, so that two places hold 21 and 22; person 2 would have got 20 and 21.
    rate(database, 1, 20, NOON - DAY, 2.0)
    show(database, 1, [10, 11])
    show(database, 2, [10, 11])
    rate(database, 1, 22, NOON + DAY)
    rate(database, 2, 20, NOON + DAY)
    rate(database, 2, 21, NOON + DAY, 3.0)
    found = outcomes(database, "user_id", "n_popular", "n_popular_hits", "n_popular_touched")
    assert found == [(1, 2, 1, 1), (2, 2, 1, 2)]


def test_equally_popular_films_stand_in_the_order_of_their_ids(database: Database) -> None:
    rate(database, 5, 31, NOON - DAY)
    rate(database, 5, 30, NOON - DAY)
    show(database, 1, [10])
    rate(database, 1, 30, NOON + DAY)
    assert outcomes(database, "n_popular", "n_popular_hits") == [(1, 1)]


def test_the_control_is_as_long_as_the_list_and_counts_once_a_window_too(database: Database) -> None:
    for movie_id in (20, 21, 22):
        rate(database, 5, movie_id, NOON - DAY)
    show(database, 1, [10, 11])
    show(database, 1, [12, 13, 14], NOON + DAY)
    found = outcomes(database, "n_shown", "n_popular")
    # The popular list is the same the next day, but for its third place.
    assert found == [(2, 2), (3, 1)]


def test_figures_are_means_over_people_with_the_control_beside(database: Database) -> None:
    rate(database, 5, 20, NOON - DAY)
    show(database, 1, [10, 11])
    show(database, 2, [10, 11, 12, 13])
    rate(database, 1, 10, NOON + DAY)
    tell(database, 2, 11, "click", NOON + DAY)
    replay(database, now=LATER)
    stored = rows(database, "from replay_results order by metric")
    assert stored.select(
        "metric", "value", "control", "n_users", "n_requests", "k", "window_days"
    ).rows() == [
        ("ctr", (1 / 2 + 1 / 4) / 2, 0.0, 2, 2, 10, 7),
        ("hit_rate", 0.5, 0.0, 2, 2, 10, 7),
        ("precision", (1 / 2 + 0) / 2, 0.0, 2, 2, 10, 7),
    ]
    assert stored.filter(pl.col("metric") == "precision").select("low", "high").row(0) == (0.0, 0.5)


def test_where_nothing_was_popular_yet_there_is_no_control(database: Database) -> None:
    show(database, 1, [10])
    (precision, *_) = replay(database, now=LATER).versions
    assert precision.control is None
    assert rows(database, "select distinct control from replay_results").rows() == [(None,)]


def test_a_version_counts_each_person_once_over_all_days(database: Database) -> None:
    # Person 1 has a hit on one of two days, person 2 on the only one: (1/2 + 1) / 2.
    show(database, 1, [10])
    show(database, 1, [11], NOON + DAY)
    show(database, 2, [10])
    rate(database, 1, 10, NOON + 2 * DAY)
    rate(database, 2, 10, NOON + 2 * DAY)
    bar = Bar()
    done = replay(database, now=LATER, progress=bar)
    assert bar.shares[0] == 0
    assert bar.shares == sorted(bar.shares)
    by_metric = {one.metric: one for one in done.versions}
    assert by_metric["precision"].figure.value == 0.75
    assert (by_metric["precision"].n_users, by_metric["precision"].n_days) == (2, 2)
    stored = rows(database, "select metric, value, low, high from replay_versions order by metric")
    assert stored.filter(pl.col("metric") == "precision").row(0)[1:] == (
        by_metric["precision"].figure.value,
        by_metric["precision"].figure.low,
        by_metric["precision"].figure.high,
    )


def test_replaying_again_replaces_the_rows(database: Database) -> None:
    show(database, 1, [10])
    rate(database, 1, 10, NOON + 3 * DAY)
    early = (NOON + 2 * DAY).replace(tzinfo=UTC)
    assert outcomes(database, "n_hits", "is_final", now=early) == [(0, False)]
    # The likes that come in later count, until the window is over: day 0 ends on March 2, the window on 9.
    almost = datetime(2026, 3, 8, 23, 59, tzinfo=UTC)
    assert outcomes(database, "n_hits", "is_final", now=almost) == [(1, False)]
    final = datetime(2026, 3, 9, tzinfo=UTC)
    assert outcomes(database, "n_hits", "is_final", now=final) == [(1, True)]
    assert rows(database, "from replay_results").height == 3
    assert replay(database, now=LATER).days == []
    before = rows(database, "from replay_results order by all").drop("replayed_at")
    assert replay(database, now=final, since=date(2026, 3, 1)).days == [date(2026, 3, 1)]
    assert rows(database, "from replay_results order by all").drop("replayed_at").equals(before)


def test_what_lies_in_the_future_of_the_clock_is_not_known(database: Database) -> None:
    show(database, 1, [10, 11])
    show(database, 1, [12], NOON + 5 * DAY)
    rate(database, 1, 10, NOON + DAY, arrived_at=NOON + 5 * DAY)
    tell(database, 1, 11, "like", NOON + 5 * DAY)
    keep(database, 1, 11, "like", NOON + 5 * DAY)
    now = (NOON + 2 * DAY).replace(tzinfo=UTC)
    assert outcomes(database, "day", "n_shown", "n_hits", now=now) == [(date(2026, 3, 1), 2, 0)]


@pytest.mark.parametrize("lists_at_once", [1, 2, 1000])
def test_people_are_joined_in_parts_without_a_difference(
    database: Database, lists_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "LISTS_AT_ONCE", lists_at_once)
    for user_id in range(1, 6):
        rate(database, 9, 20 + user_id, NOON - DAY)
        show(database, user_id, [10, 10 + user_id])
        rate(database, user_id, 10 + user_id, NOON + user_id * DAY)
    found = outcomes(database, "user_id", "n_shown", "n_hits", "n_popular")
    assert found == [(user_id, 2, 1, 2) for user_id in range(1, 6)]
