"""Releases that break a promise: a line is left out and noted, or all is refused; never half comes in."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.errors import Invalid
from movieapp.sources.movielens import Ingested, ingest
from tests.sources.small_release import (
    CSV,
    DAT_WITH_USERS,
    NOW,
    everything,
    more,
    rejected,
    rows,
    write,
)
from tests.thorough import examples


def put(database: Database, origin: Path, *, replace: bool = False) -> Ingested:
    return ingest(database, origin=origin, replace=replace, now=NOW)


# Lines that break a promise.


BAD_RATINGS = [
    ("3,99,4.0,1000000009", "unknown movie"),
    ("3,1,7,1000000009", "stars outside 0.5 to 5"),
    ("3,1,0,1000000009", "stars outside 0.5 to 5"),
    ("3,1,-1,1000000009", "stars outside 0.5 to 5"),
    ("3,1,nan,1000000009", "stars are not a number"),
    ("3,1,,1000000009", "stars are not a number"),
    ("3,1,fo4.0ur,1000000009", "stars are not a number"),
    ("3,1,3.7,1000000009", "stars not in halves"),
    ("3,1,4.0", "half a line: fewer than 4 fields"),
    ("3", "half a line: fewer than 4 fields"),
    ("3,1,4.0,1000000009,", "more than 4 fields"),
    ("x3,1,4.0,1000000009", "user id is not a whole number above 0"),
    ("0,1,4.0,1000000009", "user id is not a whole number above 0"),
    ("-3,1,4.0,1000000009", "user id is not a whole number above 0"),
    ("2.6,1,4.0,1000000009", "user id is not a whole number above 0"),
    (" 3,1,4.0,1000000009", "user id is not a whole number above 0"),
    ("9999999999,1,4.0,1000000009", "user id is not a whole number above 0"),
    ("3,1e0,4.0,1000000009", "movie id is not a whole number above 0"),
    ("3,1,4.0,10000O0009", "time is not a whole number of seconds"),
    ("3,1,4.0,1000000009.5", "time is not a whole number of seconds"),
    ("3,1,4.0,-1", "time before 1970"),
    ("3,1,4.0,0", "time before 1970"),
    (f"3,1,4.0,{int((NOW + timedelta(days=2)).timestamp())}", "time in the future"),
    ("3,1,4.0,1000000009000", "time in the future"),
    ("3,1,4.0,999999999999999999", "time in the future"),
]


def test_a_bad_rating_is_left_out_and_noted(database: Database, tmp_path: Path) -> None:
    good = [f"{user_id},1,2.0,1000000010" for user_id in range(100, 130)]
    lines = [line for line, _ in BAD_RATINGS]
    done = put(database, write(tmp_path, CSV, ratings=more("ratings", *lines, *good)))
    assert (done.n_ratings, done.n_rejected) == (35, len(BAD_RATINGS))
    assert rows(database, "from rejected_rows order by line") == [
        ("ratings.csv", 7 + position, reason, line) for position, (line, reason) in enumerate(BAD_RATINGS)
    ]


def test_of_a_pair_rated_twice_the_newest_stays(database: Database, tmp_path: Path) -> None:
    again = ["3,2,1.0,900000000", "2,1,2.5,1000000099", "1,1,1.5,1000000001"]
    done = put(database, write(tmp_path, CSV, ratings=more("ratings", *again)))
    assert (done.n_ratings, done.n_rejected) == (5, 3)
    newer = "a newer rating of the same movie by the same user"
    assert rows(database, "from rejected_rows order by line") == [
        ("ratings.csv", 2, newer, "1,1,4.0,1000000001"),  # same time: the later line stays
        ("ratings.csv", 4, newer, "2,1,0.5,1000000003"),
        ("ratings.csv", 7, newer, "3,2,1.0,900000000"),
    ]
    assert rows(database, "select rating from ratings where movie_id < 3 order by user_id, movie_id") == [
        (1.5,), (4.5,), (2.5,), (3.0,)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        (
            "movies",
            {
                "5,Half a title": "half a line, or too many fields",
                '5,"Half a title, The (19': "half a line, or too many fields",
                "5,Heat, The (1995),Drama": "half a line, or too many fields",
                "5x,Heat (1995),Drama": "movie id is not a whole number above 0",
                "5, ,Drama": "no title",
                "1,Heat (1995),Drama": "the same movie id again",
            },
        ),
        (
            "tags",
            {
                "1,2,half": "half a line, or too many fields",
                "1,99,tag,1000000001": "unknown movie",
                "1,2,,1000000001": "no tag",
                "1,2,tag,0": "time before 1970",
                "1,2,tag,99999999999": "time in the future",
                "1,2,tag,soon": "time is not a whole number of seconds",
                "one,2,tag,1000000001": "user id is not a whole number above 0",
            },
        ),
        (
            "links",
            {
                "4,0000001": "half a line: fewer than 3 fields",
                "4,0000001,1,1": "more than 3 fields",
                "4,tt0000001,1": "IMDb id is not a whole number",
                "4,0000001,x": "TMDB id is not a whole number",
                "99,0000001,1": "unknown movie",
                "1,0000001,1": "the same movie id again",
            },
        ),
    ],
)
def test_other_files_have_their_promises_too(
    database: Database, tmp_path: Path, name: str, bad: dict[str, str]
) -> None:
    good = {
        "movies": [f"{movie_id},A Film,Drama" for movie_id in range(10, 20)],
        "tags": ["1,2,tag,1000000001"] * 10,
        "links": [f"{movie_id},1," for movie_id in range(10, 20)],
    }
    changed = {"movies": more("movies", *good["movies"])}
    lines = more(name, *good[name])
    done = put(database, write(tmp_path, CSV, **(changed | {name: [*lines, *bad]})))
    assert rows(database, "from rejected_rows order by line") == [
        (f"{name}.csv", len(lines) + 1 + position, reason, line)
        for position, (line, reason) in enumerate(bad.items())
    ]
    assert (done.n_ratings, done.n_movies, done.n_rejected) == (5, 14, len(bad))


def test_a_bad_user_line_costs_the_demographics_only(database: Database, tmp_path: Path) -> None:
    bad = {
        "3::M::25": "half a line: fewer than 5 fields",
        "3::M::25::10::1::": "more than 5 fields",
        "3::X::25::10::1": "gender is not F or M",
        "3::M::old::10::1": "age is not a whole number",
        "3::M::25::21::1": "unknown occupation",
        "1::M::25::10::1": "the same user id again",
    }
    ratings = [*DAT_WITH_USERS["ratings.dat"], "3::1::4::1000000009"]
    users = [*DAT_WITH_USERS["users.dat"], *(f"{user_id}::M::25::10::1" for user_id in range(4, 10)), *bad]
    done = put(database, write(tmp_path, DAT_WITH_USERS, ratings=ratings, users=users))
    assert (done.n_users, done.n_rejected) == (3, 6)
    assert rejected(database) == [
        ("users.dat", 9 + position, reason) for position, reason in enumerate(bad.values())
    ]
    assert rows(database, "select gender from users order by user_id") == [("F",), ("M",), (None,)]


def test_an_unusable_movie_takes_its_ratings_along(database: Database, tmp_path: Path) -> None:
    movies = [*CSV["movies.csv"][:-2], "3", CSV["movies.csv"][-1]]
    put(database, write(tmp_path, CSV, movies=movies, links=None))
    assert rejected(database) == [
        ("movies.csv", 4, "half a line, or too many fields"),
        ("ratings.csv", 5, "unknown movie"),
    ]


def test_lines_keep_their_numbers_whatever_the_line_ends(database: Database, tmp_path: Path) -> None:
    lines = b"userId,movieId,rating,timestamp\r\n1,1,4.0,1000000001\n\n\r\n1,2,4.5,1000000002\r\n"
    lines += b"2,1,8,1000000003\n"
    lines += b"2,3,5.0,1000000004\r\n3,\xff2,3.0,1000000005\n3,1,\0,1000000006\n3,3,4.0,1000000007"
    done = put(database, write(tmp_path, CSV, ratings=lines))
    assert done.n_ratings == 4
    assert rejected(database) == [
        ("ratings.csv", 6, "stars outside 0.5 to 5"),
        ("ratings.csv", 8, "movie id is not a whole number above 0"),
        ("ratings.csv", 9, "stars are not a number"),
    ]


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(database: Database, tmp_path: Path) -> None:
    lines = "".join(f"{line}\r\n" for line in CSV["ratings.csv"]).encode("utf-8-sig")
    assert put(database, write(tmp_path, CSV, ratings=lines)).n_ratings == 5


def test_a_title_that_is_not_utf8_is_left_out(database: Database, tmp_path: Path) -> None:
    put(database, write(tmp_path, CSV, movies=more("movies", "5,Été (1995),Drama"), encoding="latin-1"))
    assert rejected(database) == [
        ("movies.csv", 5, "characters that are no text"),
        ("movies.csv", 6, "characters that are no text"),
    ]


def test_a_path_may_look_like_a_pattern(database: Database, tmp_path: Path) -> None:
    assert put(database, write(tmp_path / "[films] *" / "run=3", CSV)).n_ratings == 5


# Whole releases that are refused.


def test_a_missing_column_refuses_the_release(database: Database, tmp_path: Path) -> None:
    ratings = [line.rpartition(",")[0] for line in CSV["ratings.csv"]]
    with pytest.raises(Invalid, match=r"ratings\.csv, line 1: the column timestamp is missing"):
        put(database, write(tmp_path, CSV, ratings=ratings))
    assert not rows(database, "from movies")


def test_columns_in_another_order_refuse_the_release(database: Database, tmp_path: Path) -> None:
    links = ["movieId,tmdbId,imdbId", "1,862,0114709"]
    with pytest.raises(Invalid, match=r"links\.csv, line 1: the columns are in another order"):
        put(database, write(tmp_path, CSV, links=links))


def test_a_missing_column_without_a_header_refuses_the_release(database: Database, tmp_path: Path) -> None:
    ratings = [line.rpartition("::")[0] for line in DAT_WITH_USERS["ratings.dat"]]
    with pytest.raises(Invalid, match=r"ratings\.dat: 3 of 3 lines .* first is line 1: half a line"):
        put(database, write(tmp_path, DAT_WITH_USERS, ratings=ratings))
    assert not rows(database, "from movies")


@pytest.mark.parametrize("name", ["movies", "ratings", "tags", "links"])
def test_an_empty_file_refuses_the_release(database: Database, tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid, match=rf"{name}\.csv in mine is empty"):
        put(database, write(tmp_path / "mine", CSV, **{name: b""}))


def test_a_file_with_a_header_only_refuses_the_release(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"ratings\.csv has no rating in it"):
        put(database, write(tmp_path, CSV, ratings=CSV["ratings.csv"][:1]))


def test_a_file_of_mostly_bad_lines_refuses_the_release(database: Database, tmp_path: Path) -> None:
    swapped = [
        "userId,movieId,rating,timestamp",
        "1,1,4.0,1000000001",
        "1,1000000002,4.0,2",
        "1,1000000003,5.0,3",
    ]
    with pytest.raises(
        Invalid, match=r"ratings\.csv: 2 of 3 lines cannot be used, the first is line 3: unknown"
    ):
        put(database, write(tmp_path, CSV, ratings=swapped))
    assert not rows(database, "from movies")


def test_half_of_the_lines_may_be_bad(database: Database, tmp_path: Path) -> None:
    half = ["userId,movieId,rating,timestamp", "1,1,4.0,1000000001", "1,1,x,1000000001"]
    assert put(database, write(tmp_path, CSV, ratings=half)).n_ratings == 1


def test_a_broken_release_leaves_the_old_one(database: Database, tmp_path: Path) -> None:
    put(database, write(tmp_path / "old", CSV))
    before = everything(database)
    broken = write(tmp_path / "new", CSV, links=["movieId,imdbId,tmdbId", "x,1,1"])
    with pytest.raises(Invalid, match=r"links\.csv: 1 of 1 lines"):
        put(database, broken, replace=True)
    assert everything(database) == before


GARBAGE = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.text(alphabet='0123456789,.:|"-\n\r\t e', max_size=30).map(str.encode),
        st.sampled_from([line.encode() for file in CSV.values() for line in file]),
    ),
    max_size=12,
).map(b"\n".join)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["movies", "ratings", "tags", "links"]), keep=st.integers(0, 6), garbage=GARBAGE)
def test_no_garbage_leaves_half_a_release(
    tmp_path: Path, database: Database, name: str, keep: int, garbage: bytes
) -> None:
    if not rows(database, "from dataset"):
        put(database, write(tmp_path / "old", CSV, tags=None))
    before = everything(database)
    lines = "".join(f"{line}\n" for line in CSV[f"{name}.csv"][:keep]).encode()
    origin = write(tmp_path / "garbage", CSV, **{name: lines + garbage})
    try:
        done = put(database, origin, replace=True)
    except Invalid:
        assert everything(database) == before
    else:
        assert rows(database, "select count(*) from ratings") == [(done.n_ratings,)]
        assert rows(database, "select count(*) from movies") == [(done.n_movies,)]
        assert rows(database, "select count(*) from rejected_rows") == [(done.n_rejected,)]
        assert done.n_ratings > 0
        assert not rows(database, "from ratings where movie_id not in (select movie_id from movies)")
        assert not rows(database, "from ratings where rating not between 0.5 and 5")
