"""Exports of each service are recognised and read, quirks included; bad ones are refused with the row."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movieapp.errors import Invalid, MovieAppError, NotFound
from movieapp.sources.exports.files import open_export, read_export
from movieapp.sources.exports.rows import Export, Kind, Row
from tests.thorough import examples

SAMPLES = Path(__file__).parent / "exports"


def sample(name: str) -> Export:
    return open_export(SAMPLES / name)


def zipped(files: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def letterboxd_files() -> dict[str, bytes | str]:
    return {path.name: path.read_bytes() for path in (SAMPLES / "letterboxd").iterdir()}


def of(export: Export, title: str, kind: Kind) -> list[Row]:
    return [row for row in export.rows if row.title == title and row.kind is kind]


@pytest.mark.parametrize(
    ("name", "service", "kinds"),
    [
        ("letterboxd/ratings.csv", "Letterboxd", {"rating": 70}),
        ("letterboxd/diary.csv", "Letterboxd", {"rating": 23, "watched": 36}),
        ("letterboxd/watched.csv", "Letterboxd", {"watched": 68}),
        ("letterboxd/watchlist.csv", "Letterboxd", {"watchlist": 9}),
        ("imdb/ratings.csv", "IMDb", {"rating": 72}),
        ("imdb/ratings-2016.csv", "IMDb", {"rating": 17}),
        ("imdb/watchlist.csv", "IMDb", {"watchlist": 9, "rating": 1}),
        ("trakt/ratings-movies.json", "Trakt", {"rating": 34}),
        ("trakt/watched-history-1.json", "Trakt", {"watched": 15}),
        ("trakt/watched-movies.json", "Trakt", {"watched": 12}),
        ("trakt/lists-watchlist.json", "Trakt", {"watchlist": 7}),
        ("trakt/ratings.csv", "Trakt", {"rating": 34}),
        ("movielens/movielens-ratings.csv", "MovieLens", {"rating": 69}),
    ],
)
def test_each_file_is_recognised_and_read_whole(name: str, service: str, kinds: dict[str, int]) -> None:
    export = sample(name)
    assert export.service == service
    assert {kind: sum(row.kind == kind for row in export.rows) for kind in kinds} == kinds
    assert len(export.rows) == sum(kinds.values())


def test_letterboxd_has_stars_and_both_dates() -> None:
    content = (
        "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\r\n"
        '2024-01-05,"Good, the ""Bad""",1966,https://boxd.it/a,3.5,Yes,"a, b",2024-01-04\r\n'
    )
    rated = Row(
        Kind.RATING,
        file="diary.csv",
        number=2,
        title='Good, the "Bad"',
        year=1966,
        stars=3.5,
        at=datetime(2024, 1, 5),
    )
    watched, rating = read_export("diary.csv", content.encode()).rows
    assert rating == rated
    assert (watched.kind, watched.watched_on, watched.is_rewatch) == (Kind.WATCHED, date(2024, 1, 4), True)


def test_rewatches_are_kept() -> None:
    diary = sample("letterboxd/diary.csv")
    again = [row for row in diary.rows if row.is_rewatch]
    assert len(again) == 13
    assert all(row.watched_on == date(2025, 1, 1) and row.stars is None for row in again)
    assert all(len(of(diary, row.title or "", Kind.WATCHED)) == 2 for row in again)


def test_points_of_ten_become_halves_of_five() -> None:
    imdb = "Const,Your Rating,Date Rated,Title,Year\ntt0000101,7,2023-05-06,One,1971\n"
    (row,) = read_export("ratings.csv", imdb.encode()).rows
    assert (row.stars, row.imdb_id, row.at) == (3.5, 101, datetime(2023, 5, 6))
    movie = {"title": "One", "year": 1971, "ids": {"imdb": "tt0000101", "tmdb": 201}}
    trakt = [{"rated_at": "2024-01-01T01:00:00+02:00", "rating": 9, "type": "movie", "movie": movie}]
    (row,) = read_export("x.json", json.dumps(trakt).encode()).rows
    assert (row.stars, row.imdb_id, row.tmdb_id, row.at) == (4.5, 101, 201, datetime(2023, 12, 31, 23))


def test_series_and_episodes_are_no_films() -> None:
    series = [row for row in sample("imdb/ratings.csv").rows if not row.is_film]
    assert [row.title for row in series] == ["Breaking Bad", "Breaking Bad: Pilot"]
    assert sample("trakt/watched-history-1.json").n_skipped == 1
    assert sample("trakt/ratings.csv").n_skipped == 1


def test_old_files_of_imdb_are_read_in_their_encoding() -> None:
    export = sample("imdb/ratings-2016.csv")
    assert {row.at for row in export.rows} == {datetime(2016, 3, 12)}
    content = (
        '"const","You rated","Title","created"\n"tt0000101","8","Am\xe9lie","Sat Mar 12 00:00:00 2016"\n'
    )
    (row,) = read_export("ratings.csv", content.encode("latin-1")).rows
    assert (row.title, row.stars) == ("Amélie", 4.0)


CSV = "Date,Name,Year,Letterboxd URI,Rating\n2024-01-05,Amélie,2001,https://boxd.it/a,4\n"
FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda text: text.encode(),
    "BOM": lambda text: text.encode("utf-8-sig"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "Windows": lambda text: text.encode("cp1252"),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "quotes": lambda text: "\n".join(
        ",".join(f'"{field}"' for field in line.split(",")) for line in text.splitlines()
    ).encode(),
    "blank lines": lambda text: text.replace("\n", "\n\n").encode(),
    "upper case": lambda text: text.replace("Date,Name,Year,", "DATE, NAME ,YEAR,").encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_the_text_does_not_matter(form: str) -> None:
    (row,) = read_export("ratings.csv", FORMS[form](CSV)).rows
    assert (row.title, row.year, row.stars, row.at) == ("Amélie", 2001, 4.0, datetime(2024, 1, 5))


def test_missing_years_are_no_fault() -> None:
    (row,) = read_export("ratings.csv", CSV.replace("2001", "").encode()).rows
    assert row.year is None


def test_the_whole_zip_says_each_thing_once() -> None:
    inside = letterboxd_files() | {
        "profile.csv": "Date Joined,Username\n2012-01-01,ana\n",
        "reviews.csv": letterboxd_files()["diary.csv"],
        "deleted/diary.csv": letterboxd_files()["diary.csv"],
        "likes/films.csv": letterboxd_files()["watched.csv"],
        "lists/best.csv": "Letterboxd list export v7\nDate,Name\n",
    }
    export = read_export("letterboxd-ana-2025.zip", zipped(inside))
    kinds = {kind: sum(row.kind is kind for row in export.rows) for kind in Kind}
    assert export.service == "Letterboxd"
    assert (kinds[Kind.RATING], kinds[Kind.WATCHED], kinds[Kind.WATCHLIST]) == (70, 36 + 68, 9)
    again = read_export("x.zip", zipped({f"letterboxd-ana/{name}": text for name, text in inside.items()}))
    assert len(again.rows) == len(export.rows)


def test_the_diary_gives_ratings_only_without_the_other_file() -> None:
    files = letterboxd_files()
    del files["ratings.csv"]
    assert sum(row.kind is Kind.RATING for row in read_export("x.zip", zipped(files)).rows) == 23


@pytest.mark.parametrize("folder", ["", "ana/watched/", "ana/"])
def test_trakts_zip_is_read_flat_and_in_folders(folder: str) -> None:
    files: dict[str, bytes | str] = {
        f"{folder}{path.name}": path.read_bytes() for path in (SAMPLES / "trakt").glob("*.json")
    }
    files |= {f"{folder}watched-shows.json": "[1]", f"{folder}user-profile.json": "{}"}
    export = read_export("trakt.zip", zipped(files))
    kinds = {kind: sum(row.kind is kind for row in export.rows) for kind in Kind}
    # The history has every viewing, so that the summary is left out.
    assert (kinds[Kind.RATING], kinds[Kind.WATCHED], kinds[Kind.WATCHLIST]) == (34, 15, 7)


HEAD = "Date,Name,Year,Letterboxd URI,Rating\n2024-01-05,One,1971,u,4\n"
BAD = {
    "rating above 5": ("ratings.csv", HEAD + "2024-01-05,Two,1972,u,5.5\n", "row 3: the rating '5.5' is not"),
    "no halves": ("ratings.csv", HEAD + "2024-01-05,Two,1972,u,3.3\n", "row 3: the rating '3.3' is not"),
    "no number": ("ratings.csv", HEAD + "2024-01-05,Two,1972,u,good\n", "row 3: the rating 'good' is no"),
    "year": ("ratings.csv", HEAD + "2024-01-05,Two,MCM,u,3\n", "row 3: the year 'MCM' is no whole"),
    "date": ("ratings.csv", HEAD + "5/1/24,Two,1972,u,3\n", "row 3: the date '5/1/24' is not"),
    "date out of range": ("ratings.csv", HEAD + "0002-01-01,Two,1972,u,3\n", "row 3: .*out of range"),
    "no film": ("ratings.csv", HEAD + "2024-01-05,  ,1972,u,3\n", "row 3: there is no title and no id"),
    "half a row": (
        "ratings.csv",
        HEAD + "2024-01-05,Two\n",
        "row 3: it has 2 fields where the first row has 5",
    ),
    "more fields": ("ratings.csv", HEAD + "2024-01-05,Two,1,u,3,4\n", "row 3: it has 6 fields"),
    "open quote": ("ratings.csv", HEAD + '2024-01-05,"Two,1972,u,3\n', "row 3: the quotes or fields are"),
    "11 of 10": (
        "r.csv",
        "Const,Your Rating,Date Rated\ntt0000101,11,2024-01-01\n",
        "row 2: the rating '11'",
    ),
    "halves of 10": (
        "r.csv",
        "Const,Your Rating,Date Rated\ntt0000101,7.5,2024-01-01\n",
        "row 2: the rating",
    ),
    "id": ("r.csv", "Const,Your Rating,Date Rated\nnm0000101,7,2024-01-01\n", "row 2: the IMDb id"),
    "trakt entry": ("r.json", '[{"rated_at": "2024-01-01", "rating": 7}]', "row 1: there is no movie"),
    "trakt rating": (
        "r.json",
        '[{"rated_at": "2024-01-01", "rating": [1], "movie": {"title": "One"}}]',
        "row 1: rating is .* which makes no sense",
    ),
    "trakt list": ("r.json", "[1, 2]", "row 1: 1 is no entry of Trakt's"),
    "cut JSON": ("r.json", '[{"rated_at": "2024', "no whole JSON"),
    "cut zip": ("x.zip", zipped({"ratings.csv": CSV})[:60], "no whole zip file"),
    "nameless": ("films.csv", "Date,Name,Year,Letterboxd URI\n", "call it watched.csv or watchlist.csv"),
    "release": ("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4,1\n", "launcher.py ingest"),
    "other csv": ("x.csv", "a,b\n1,2\n", "no service that is known; its first row is 'a, b'"),
    "other JSON": ("x.json", '{"a": 1}', "JSON of no service"),
    "other zip": ("x.zip", zipped({"a.txt": "b"}), "no file in it that could be used"),
    "two services": (
        "x.zip",
        zipped({"ratings.csv": CSV, "r.csv": "Const,Your Rating\ntt0000101,7\n"}),
        "holds exports of IMDb and Letterboxd",
    ),
    "empty": ("x.csv", "", "is empty"),
    "picture": ("x.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "is no text"),
    "deep": ("x.json", "[" * 200_000, "nested too deeply|no whole JSON"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_the_row_and_the_reason(name: str) -> None:
    file, content, reason = BAD[name]
    raw = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(Invalid, match=reason) as refused:
        read_export(file, raw)
    assert str(refused.value).startswith(file)
    assert "Nothing was imported." in str(refused.value)


def test_a_bad_row_in_a_zip_names_the_file() -> None:
    with pytest.raises(Invalid, match=r"^diary\.csv, row 2: "):
        read_export("x.zip", zipped({"ratings.csv": CSV, "diary.csv": "Date,Name,Year,Letterboxd URI\n1\n"}))


def test_a_zip_that_unpacks_without_end_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ratings.csv", HEAD + "\n" * 210_000_000)
    with pytest.raises(Invalid, match=r"more than an export can have|larger than"):
        read_export("x.zip", stream.getvalue())


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no file .*nowhere\.csv"):
        open_export(tmp_path / "nowhere.csv")


HEADERS = [
    CSV.encode(),
    b"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n",
    b"Const,Your Rating,Date Rated,Title,Year,Title Type\n",
    b"movie_id,imdb_id,tmdb_id,rating,average_rating,title\n",
    b"rated_at,type,title,year,imdb_id,tmdb_id,rating\n",
    b"kind,movie_id,title,year,imdb_id,tmdb_id,stars,at,watched_on,is_rewatch,text\n",
    b"PK\x03\x04",
    b"[",
    b"\xff\xfe",
    b"",
]
CELL = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", "1999", "tt0114709", "4.5", "-1", "nan", "1e400", "2024-01-01", '"']),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | CELL,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["movie", "ids", "imdb", "tmdb", "title", "year", "rating", "rated_at", "type", "records"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)
NAMES = st.sampled_from(["ratings.csv", "watched.csv", "x.json", "x.zip", ""])


def reads_or_refuses(name: str, content: bytes) -> None:
    try:
        export = read_export(name, content)
    except MovieAppError:
        return
    for row in export.rows:
        assert row.stars is None or row.stars * 2 in range(1, 11)
        assert row.title or row.imdb_id or row.tmdb_id or row.movie_id


@given(name=NAMES, start=st.sampled_from(HEADERS), rest=st.binary(max_size=200))
@settings(max_examples=examples(300))
def test_any_bytes_are_read_or_refused(name: str, start: bytes, rest: bytes) -> None:
    reads_or_refuses(name, start + rest)


@given(start=st.sampled_from(HEADERS[:6]), cells=st.lists(CELL, min_size=5, max_size=11))
@settings(max_examples=examples(300))
def test_any_cells_are_read_or_refused(start: bytes, cells: list[str]) -> None:
    reads_or_refuses("watched.csv", start + ",".join(cells).encode("utf-8", "replace"))


@given(value=JSON)
@settings(max_examples=examples(300))
def test_any_json_is_read_or_refused(value: object) -> None:
    own = {"format": "movieapp profile", "version": 1, "records": value}
    for each in (value, [value], own):
        reads_or_refuses("x.json", json.dumps(each).encode())


@given(data=st.data())
@settings(max_examples=examples(150))
def test_any_damage_to_a_zip_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(zipped({"ratings.csv": CSV, "diary.csv": HEADERS[1]}))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(2, len(content) - 1))] = data.draw(st.integers(0, 255))
    reads_or_refuses("x.zip", bytes(content))


WRONG_PRESETS = [
    (7, "7 is no preset"),
    ({"setting": {}}, "None cannot be the name of a preset"),
    ({"name": "a/b", "setting": {}}, "'a/b' cannot be the name of a preset"),
    ({"name": "A", "setting": []}, "is no setting of a list"),
    ({"name": "A", "at": "soon", "setting": {}}, "'soon' is not written as 2024-12-31"),
    ({"name": "A", "at": 5, "setting": {}}, "the date 5 is not written as"),
    ({"name": "A", "setting": {"genres": "Drama"}}, "which is no list of genres"),
    ({"name": "A", "setting": {"genres": ["\ud800"]}}, "which is no list of genres"),
    ({"name": "A", "setting": {"year_to": True}}, "year_to is True, which is not between"),
    ({"name": "A", "setting": {"diversity": float("nan")}}, "diversity is nan, which is not between 0 and 1"),
    ({"name": "A", "setting": {"age": None}}, "age is None, which is not between -1 and 1"),
    ({"name": "A", "setting": {"discover": 1}}, "discover is 1, which is neither true nor false"),
]


@pytest.mark.parametrize(("preset", "reason"), WRONG_PRESETS)
def test_a_preset_that_makes_no_sense_refuses_the_file(preset: object, reason: str) -> None:
    file = {"format": "movieapp profile", "version": 1, "records": [], "presets": [preset]}
    with pytest.raises(Invalid, match=re.escape(reason)):
        read_export("a.json", json.dumps(file).encode())


def test_a_preset_in_a_csv_file_is_refused_with_its_row() -> None:
    head = "kind,movie_id,title,year,imdb_id,tmdb_id,stars,at,watched_on,is_rewatch,text"
    with pytest.raises(Invalid, match=r"a\.csv, row 2: the preset 'A' is no JSON"):
        read_export("a.csv", f"{head}\npreset,,A,,,,,,,,{{\n".encode())
    export = read_export("a.csv", f"{head}\npreset,,A,,,,,,,,{{}}\n".encode())
    assert ([one.name for one in export.presets], export.rows) == (["A"], ())


def test_exports_of_before_there_were_presets_have_none() -> None:
    file = {"format": "movieapp profile", "version": 1, "name": "Ana", "records": []}
    export = read_export("a.json", json.dumps(file).encode())
    assert (export.name, export.presets) == ("Ana", ())
