"""An instance from before there were watchlists and diaries keeps what people told it."""

from datetime import datetime

from movieapp.database import Database
from tests.rows import rows

OLDER = ("0001_releases", "0002_serving", "0003_lifecycle", "0004_replay")


def test_what_people_told_before_is_taken_over() -> None:
    database = Database()
    events = [
        (1, "watched"),
        (1, "watched"),
        (2, "watchlist"),
        (3, "watchlist"),
        (3, "hide"),
        (4, "hide"),
        (4, "watchlist"),
    ]
    with database.transaction() as cursor:
        for name in OLDER:
            cursor.write(f"schema/{name}")
        for hour, (movie_id, event) in enumerate(events):
            cursor._cursor.execute(
                "insert into feedback values (uuid(), ?, 17, ?, ?, null, null)",
                [datetime(2026, 1, 1, hour), movie_id, event],
            )
        cursor.write("schema/0005_films")
    assert rows(database, "from watches").rows() == [(17, 1, None, 1, False, datetime(2026, 1, 1, 0))]
    assert rows(database, "select movie_id, added_at from watchlist order by movie_id").rows() == [
        (2, datetime(2026, 1, 1, 2)),
        (4, datetime(2026, 1, 1, 6)),
    ]
    database.close()


def test_what_people_think_is_taken_over_and_whoever_told_anything_is_somebody() -> None:
    database = Database()
    events = [
        (17, 1, "hide"),
        (17, 1, "like"),
        (17, 2, "dislike"),
        (17, 3, "hide"),
        (17, 3, "watchlist"),
        (17, 4, "watchlist"),
        (17, 4, "rating"),
        (18, 1, "click"),
    ]
    with database.transaction() as cursor:
        for name in OLDER:
            cursor.write(f"schema/{name}")
        for hour, (user_id, movie_id, event) in enumerate(events):
            cursor._cursor.execute(
                "insert into feedback values (uuid(), ?, ?, ?, ?, null, null)",
                [datetime(2026, 1, 1, hour), user_id, movie_id, event],
            )
        for name in ("0005_films", "0006_you"):
            cursor.write(f"schema/{name}")
    assert rows(database, "from opinions order by movie_id").rows() == [
        (17, 1, "like", datetime(2026, 1, 1, 1)),
        (17, 2, "dislike", datetime(2026, 1, 1, 2)),
    ]
    assert rows(database, "select movie_id from watchlist")["movie_id"].to_list() == [3]
    assert rows(database, "select user_id, source from users").rows() == [(17, "app")]
    database.close()
