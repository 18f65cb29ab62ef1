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
    done = put(database, write(tmp_path / "other", DAT_WITH_USERS, ratings=with_ana()), replace=True)
    assert own(database) == [(1001, 1, 3.0), (1002, 1, 2.0)]
    assert (done.n_own_dropped, done.n_people_moved) == (1, 1)
    assert rows(database, "select reason from rejected_rows") == [("the user was one of the old release",)]
    assert rows(database, "select user_id, source from users order by user_id") == [
        (1, "release"),
        (2, "release"),
        (ANA, "release"),
        (1001, "app"),
        (1002, "app"),
    ]


def with_ana() -> list[str]:
    """Return ratings of a release in which ANA's id is somebody else's."""
    return [*DAT_WITH_USERS["ratings.dat"], f"{ANA}::4::4::1000000009"]


def keep_everything(database: Database) -> None:
    """Let ANA have a name and do everything with film 1, which stays, and with film 3, which goes."""
    with database.transaction() as cursor:
        run = cursor._cursor.execute
        run("insert or ignore into users (user_id, source) values (?, 'app')", [ANA])
        run("insert into profiles values (?, 'Ana', '#1d4ed8', ?)", [ANA, THEN])
        for movie_id in (1, 3):
            pair = [ANA, movie_id]
            run("insert into ratings values (?, ?, 4.5, ?, ?, 'app')", [*pair, THEN, THEN])
            run("insert into opinions values (?, ?, 'like', ?)", [*pair, THEN])
            run("insert into watches values (?, ?, ?, 1, false, ?)", [*pair, THEN.date(), THEN])
            run("insert into watchlist values (?, ?, ?)", [*pair, THEN])
            run("insert into notes values (?, ?, 'Well, well', ?)", [*pair, THEN])
            run("insert into unlearned values (?, ?, ?)", [*pair, THEN])
    click(database, ANA, 1)


OWN_TABLES = ("ratings", "opinions", "watches", "watchlist", "notes", "unlearned", "feedback")


def test_everything_that_people_keep_comes_along_even_if_their_number_is_taken(
    database: Database, tmp_path: Path
) -> None:
    put(database, write(tmp_path / "mine", CSV))
    keep_everything(database)
    done = put(database, write(tmp_path / "other", DAT_WITH_USERS, ratings=with_ana()), replace=True)
    new = ANA + 1
    assert rows(database, "select user_id, name, color from profiles") == [(new, "Ana", "#1d4ed8")]
    for table in OWN_TABLES:
        kept = f"select user_id, movie_id from {table} where user_id >= {ANA} order by all"  # noqa: S608
        found = rows(database, kept)
        theirs = [(ANA, 4)] if table == "ratings" else []
        assert found == [*theirs, (new, 1)], table
    assert (done.n_own_dropped, done.n_people_moved) == (6, 1)
    assert rows(database, "select file, content from rejected_rows order by file") == [
        ("own notes", f"{ANA + 1},3,Well, well,1746403200"),
        ("own opinions", f"{ANA + 1},3,like,1746403200"),
        ("own ratings", f"{ANA + 1},3,4.5,1746403200"),
        ("own unlearned", f"{ANA + 1},3,1746403200"),
        ("own watches", f"{ANA + 1},3,2025-05-05,1746403200"),
        ("own watchlist", f"{ANA + 1},3,1746403200"),
    ]


LOGGED = ("requests", "unknown_movies", "replay_outcomes", "replay_results")


def ask(database: Database) -> None:
    """Let ANA and a person of the release be shown film 2, on a day that is replayed and on a later one."""
    with database.transaction() as cursor:
        run = cursor._cursor.execute
        for user_id in (ANA, 1):
            for day, is_final in (("2025-05-05", True), ("2025-05-06", False)):
                run(
                    "insert into requests values "
                    "(uuid(), ?, ?, 'recommend', '1', [2], [1.0], 1.0, false, 200, '{}')",
                    [day, user_id],
                )
                run(
                    "insert into replay_outcomes values (?, '1', false, ?, 1, 1, 1, 1, 1, 0, 0, 10, 7, ?)",
                    [day, user_id, is_final],
                )
        for day, is_final in (("2025-05-05", True), ("2025-05-06", False)):
            run(
                "insert into replay_results values "
                "(?, '1', false, 'hit_rate', 1, 1, 1, null, null, null, 2, 2, 10, 7, ?, ?)",
                [day, is_final, THEN],
            )
        run("insert into unknown_movies values (99, null, 3, ?, ?)", [THEN, THEN])


def test_what_was_shown_on_another_release_is_not_taken_for_films_and_people_of_this_one(
    database: Database, tmp_path: Path
) -> None:
    put(database, write(tmp_path / "mine", CSV))
    keep_everything(database)
    ask(database)
    put(database, write(tmp_path / "other", DAT_WITH_USERS, ratings=with_ana()), replace=True)
    assert rows(database, "from requests") == rows(database, "from unknown_movies") == []
    assert rows(database, "select distinct day::varchar, is_final from replay_results") == [
        ("2025-05-05", True)
    ]
    assert rows(database, "select user_id, is_final from replay_outcomes order by all") == [
        (1, True),
        (ANA + 1, True),
    ]


def test_what_was_shown_stays_with_a_mended_copy_and_with_a_refused_replacement(
    database: Database, tmp_path: Path
) -> None:
    put(database, write(tmp_path / "mine", CSV))
    ask(database)
    before = {table: rows(database, f"from {table} order by all") for table in LOGGED}
    put(database, write(tmp_path / "mine", CSV, ratings=more("ratings", "3,1,1.0,1000000009")), replace=True)
    with pytest.raises(Exception, match=r"ratings\.dat"):
        put(database, write(tmp_path / "other", DAT_WITH_USERS, ratings=["1::2"]), replace=True)
    assert {table: rows(database, f"from {table} order by all") for table in LOGGED} == before


def test_a_name_comes_along_although_nothing_else_does(database: Database, tmp_path: Path) -> None:
    put(database, write(tmp_path / "mine", CSV))
    with database.transaction() as cursor:
        cursor._cursor.execute("insert into users (user_id, source) values (?, 'app')", [ANA])
        cursor._cursor.execute("insert into profiles values (?, 'Ana', null, ?)", [ANA, THEN])
    put(database, write(tmp_path / "other", DAT_WITH_USERS), replace=True)
    assert rows(database, "select user_id, source from users where user_id = 1000") == [(ANA, "app")]
    assert rows(database, "select user_id, name from profiles") == [(ANA, "Ana")]


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
