"""A second release, and what becomes of people's own ratings."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from movieapp.database import Database
from movieapp.errors import Conflict
from movieapp.sources.movielens import Ingested, ingest
from tests.sources.small_release import CSV, DAT_WITH_USERS, NOW, everything, more, rows, write

THEN = datetime(2025, 5, 5)
ANA = 1000  # a person made by the app; user 1 is one of the release


def put(database: Database, origin: Path, *, replace: bool = False) -> Ingested:
    return ingest(database, origin=origin, replace=replace, now=NOW)


def rate(database: Database, user_id: int, movie_id: int, rating: float) -> None:
    """Rate as a person does in the app: the latest rating of a pair is the only one."""
    with database.transaction() as cursor:
        cursor._cursor.execute("insert or ignore into users (user_id, source) values (?, 'app')", [user_id])
        cursor._cursor.execute("delete from ratings where user_id = ? and movie_id = ?", [user_id, movie_id])
        cursor._cursor.execute(
            "insert into ratings values (?, ?, ?, ?, ?, 'app')", [user_id, movie_id, rating, THEN, THEN]
        )


def click(database: Database, user_id: int, movie_id: int) -> None:
    with database.transaction() as cursor:
        cursor._cursor.execute(
            "insert into feedback values (?, ?, ?, ?, 'click', null, null)",
            [str(UUID(int=user_id * 1000 + movie_id)), THEN, user_id, movie_id],
        )


def own(database: Database) -> list[tuple]:
    return rows(database, "select user_id, movie_id, rating from ratings where source = 'app' order by all")


def test_the_same_release_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    put(database, write(tmp_path / "mine", CSV))
    rate(database, ANA, 2, 5.0)
    before = everything(database)
    for replace in (False, True):
        again = put(database, write(tmp_path / "mine", CSV), replace=replace)
        assert again == Ingested("mine", 5, 3, 4, 2, 0, is_unchanged=True)
    assert everything(database) == before


def test_another_release_is_refused_with_both_ways_out(database: Database, tmp_path: Path) -> None:
    put(database, write(tmp_path / "mine", CSV))
    before = everything(database)
    with pytest.raises(Conflict, match=r"holds mine \(5 ratings\).* put ml-1m .* --replace.* --data"):
        put(database, write(tmp_path / "other", DAT_WITH_USERS))
    assert everything(database) == before


def test_the_same_release_with_other_files_is_refused_too(database: Database, tmp_path: Path) -> None:
    put(database, write(tmp_path / "mine", CSV))
    with pytest.raises(Conflict, match="another copy of mine, with other files"):
        put(database, write(tmp_path / "mine", CSV, ratings=more("ratings", "3,1,1.0,1000000009")))


def test_replace_puts_the_other_release_in_its_place(database: Database, tmp_path: Path) -> None:
    put(database, write(tmp_path / "mine", CSV, ratings=more("ratings", "3,1,7.0,1000000009")))
    done = put(database, write(tmp_path / "other", DAT_WITH_USERS), replace=True)
    assert done == Ingested("ml-1m", 3, 2, 3, 0, 0)
    assert rows(database, "select release, n_ratings from dataset") == [("ml-1m", 3)]
    left = everything(database)
    assert {table: len(left[table]) for table in left} == {
        "dataset": 1,
        "movies": 3,
        "users": 2,
        "ratings": 3,
        "tags": 0,
        "links": 0,
        "rejected_rows": 0,
        "feedback": 0,
    }


def test_own_ratings_of_the_same_films_come_along(database: Database, tmp_path: Path) -> None:
    put(database, write(tmp_path / "mine", CSV))
    rate(database, ANA, 1, 5.0)  # the same film in both
    rate(database, ANA, 2, 4.0)  # another film under this id
    rate(database, ANA, 3, 3.0)  # not there at all
    click(database, ANA, 1)
    click(database, ANA, 3)
    done = put(database, write(tmp_path / "other", DAT_WITH_USERS), replace=True)
    assert own(database) == [(ANA, 1, 5.0)]
    assert rows(database, "select user_id, movie_id from feedback") == [(ANA, 1)]
    assert rows(database, "select source from users where user_id = 1000") == [("app",)]
    assert (done.n_ratings, done.n_users, done.n_rejected, done.n_own_dropped) == (3, 2, 0, 3)
    assert rows(database, "select file, line, reason, content from rejected_rows order by all") == [
        ("own feedback", None, "the movie is not in ml-1m", f"{ANA},3,click,1746403200"),
        ("own ratings", None, "the movie id is another movie in ml-1m", f"{ANA},2,4.0,1746403200"),
        ("own ratings", None, "the movie is not in ml-1m", f"{ANA},3,3.0,1746403200"),
    ]


def test_nobody_gets_mixed_up_with_somebody_else(database: Database, tmp_path: Path) -> None:
    put(database, write(tmp_path / "mine", CSV))
    rate(database, 1, 1, 1.0)  # user 1 of the old release
    rate(database, ANA, 1, 2.0)
    rate(database, 1001, 1, 3.0)
    ratings = [*DAT_WITH_USERS["ratings.dat"], f"{ANA}::4::4::1000000009"]
    done = put(database, write(tmp_path / "other", DAT_WITH_USERS, ratings=ratings), replace=True)
    assert own(database) == [(1001, 1, 3.0)]
    assert done.n_own_dropped == 2
    assert rows(database, "select reason from rejected_rows order by content") == [
        ("the user was one of the old release",),
        ("the user id is another person in ml-1m",),
    ]
    assert rows(database, "select user_id, source from users order by user_id") == [
        (1, "release"),
        (2, "release"),
        (ANA, "release"),
        (1001, "app"),
    ]


def test_in_a_mended_copy_of_the_release_everybody_stays_themselves(
    database: Database, tmp_path: Path
) -> None:
    put(database, write(tmp_path / "mine", CSV))
    rate(database, 1, 1, 1.0)  # the release has 4.0 here
    rate(database, 2, 2, 2.0)
    mended = write(tmp_path / "mine", CSV, ratings=more("ratings", "3,1,1.0,1000000009"))
    done = put(database, mended, replace=True)
    assert own(database) == [(1, 1, 1.0), (2, 2, 2.0)]
    assert done.n_own_dropped == 0
    assert rows(database, "select user_id, movie_id from ratings group by all having count(*) > 1") == []
    assert rows(database, "select count(*) from ratings") == [(7,)]


def test_what_people_lost_stays_on_record_through_the_next_replacement(
    database: Database, tmp_path: Path
) -> None:
    put(database, write(tmp_path / "mine", CSV))
    rate(database, ANA, 3, 3.0)
    put(database, write(tmp_path / "other", DAT_WITH_USERS), replace=True)
    put(database, write(tmp_path / "mine", CSV), replace=True)
    assert rows(database, "select file from rejected_rows") == [("own ratings",)]
    assert rows(database, "from users where user_id = 1000") == []


def test_an_unreadable_replacement_leaves_own_ratings(database: Database, tmp_path: Path) -> None:
    put(database, write(tmp_path / "mine", CSV))
    rate(database, ANA, 3, 3.0)
    before = everything(database)
    with pytest.raises(Exception, match=r"ratings\.dat"):
        put(database, write(tmp_path / "other", DAT_WITH_USERS, ratings=["1::2"]), replace=True)
    assert everything(database) == before
