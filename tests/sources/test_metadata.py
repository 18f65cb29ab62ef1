"""A metadata file goes into the database: matched by ids, else by title and year."""

import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from movieapp.database import Database
from movieapp.errors import Invalid, NotFound, NotReady
from movieapp.sources.metadata import (
    FilmFacts,
    clear_metadata,
    coverage,
    films_to_fetch,
    picture,
    save,
)
from movieapp.sources.metadata_file import enrich
from movieapp.sources.movielens import ingest
from tests.rows import rows
from tests.tiny_release import write_release

NOW = datetime(2026, 2, 3, tzinfo=UTC)
NAIVE = NOW.replace(tzinfo=None)
# Film n of the tiny release has the IMDb id 100 + n and the TMDB id 200 + n.
HEADER = (
    "adult,id,imdb_id,original_title,overview,popularity,poster_path,release_date,runtime,title,"
    "vote_average,vote_count"
)
POSTER = "/aaaaBBBBccccDDDD1111.jpg"
LINES = [
    HEADER,
    f'False,201,tt0000101,Numero 1,"Plot, ""quoted""\nand on",7.5,{POSTER},1971-05-06,95.0,One,6.5,10',
    "False,999,tt0000102,Two,No overview found.,x,/../../etc/passwd,1972-01-01,0.0,Two,0.0,0",
    "False,998,,Number 3,Three,1.0,,1974-01-01,80.0,The Number 3,7.0,4",
    "False,997,,Number 4,Four,1.0,,1990-01-01,80.0,The Number 4,7.0,4",
    " - Written by somebody,1997-08-20,0,,,,,,,,,",
    "False,201,tt0000101,Again,Twice,1.0,,1971-05-06,95.0,Again,6.5,3",
    "False,996,tt0000777,Number 5,Another,1.0,,1975-01-01,80.0,The Number 5,7.0,4",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "movies_metadata.csv"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return path


def known(database: Database) -> dict[int, dict]:
    found = rows(database, "from film_metadata order by movie_id").to_dicts()
    return {row["movie_id"]: row for row in found}


def test_films_are_matched_by_id_and_by_title(tiny_copy: Database, file: Path) -> None:
    done = enrich(tiny_copy, origin=file, now=NOW)
    films = known(tiny_copy)
    assert {movie_id: (row["tmdb_id"], row["matched_by"]) for movie_id, row in films.items()} == {
        1: (201, "tmdb id"),
        2: (999, "imdb id"),
        3: (998, "title"),  # a year beside it
    }
    assert films[1] | {"fetched_at": None} == {
        "movie_id": 1,
        "tmdb_id": 201,
        "imdb_id": 101,
        "title": "One",
        "original_title": "Numero 1",
        "overview": 'Plot, "quoted"\nand on',
        "runtime_min": 95,
        "released_on": date(1971, 5, 6),
        "vote_average": 6.5,
        "n_votes": 10,
        "popularity": 7.5,
        "poster_path": POSTER,
        "backdrop_path": None,
        "keywords": [],
        "directors": [],
        "actors": [],
        "origin": "file",
        "matched_by": "tmdb id",
        "fetched_at": None,
    }
    assert done.rejected == ((6, "the id '1997-08-20' is no TMDB id"),)
    assert (done.n_found, done.coverage.n_matched, done.coverage.n_movies) == (3, 3, 26)


def test_what_makes_no_sense_is_left_out(tiny_copy: Database, file: Path) -> None:
    enrich(tiny_copy, origin=file, now=NOW)
    second = known(tiny_copy)[2]
    empty = ("overview", "runtime_min", "vote_average", "popularity", "poster_path")
    assert [second[name] for name in empty] == [None] * len(empty)


def test_it_reports_films_and_ratings(tiny_copy: Database, file: Path) -> None:
    assert coverage(tiny_copy).share_of_movies == 0
    done = enrich(tiny_copy, origin=file, now=NOW).coverage
    n_ratings = rows(tiny_copy, "select count(*) n from ratings").item()
    n_matched = rows(tiny_copy, "select count(*) n from ratings where movie_id in (1, 2, 3)").item()
    assert (done.n_by_tmdb_id, done.n_by_imdb_id, done.n_by_title) == (1, 1, 1)
    assert done.share_of_ratings == pytest.approx(n_matched / n_ratings)
    assert done.share_of_movies == pytest.approx(3 / 26)


def test_a_second_time_replaces_what_the_file_said_and_nothing_else(tiny_copy: Database, file: Path) -> None:
    enrich(tiny_copy, origin=file, now=NOW)
    fresh = FilmFacts(tmdb_id=201, title="From TMDB", keywords=("space", "robot"), actors=("Ann", "Bo"))
    with tiny_copy.transaction() as cursor:
        save(cursor, [(1, fresh, "tmdb id")], now=NAIVE)
    file.write_text("\n".join(LINES).replace("Three", "Third"), encoding="utf-8")
    enrich(tiny_copy, origin=file, now=NOW)
    films = known(tiny_copy)
    assert (films[1]["title"], films[1]["keywords"], films[1]["origin"]) == (
        "From TMDB",
        ["space", "robot"],
        "tmdb",
    )
    assert films[3]["overview"] == "Third"
    with tiny_copy.transaction() as cursor:
        clear_metadata(cursor)
    assert known(tiny_copy) == {}


def test_a_zip_with_the_file_does_too(tiny_copy: Database, file: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "dataset.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(file, "the-movies-dataset/movies_metadata.csv")
    assert enrich(tiny_copy, origin=zipped, now=NOW).n_found == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b\n1,2\n", "has no column id and no imdb_id"),
        (HEADER.encode() + b"\n", "has no film in it"),
        (HEADER.encode() + b"\nFalse,x,y,z,,,,,,,,\n", "has no film in it"),
        (b"", "cannot be read as csv|is no csv file"),
        (b"PK\x05\x06" + bytes(18), "has no movies_metadata"),
    ],
)
def test_another_file_is_refused_and_nothing_changes(
    tiny_copy: Database, file: Path, content: bytes, reason: str
) -> None:
    enrich(tiny_copy, origin=file, now=NOW)
    before = known(tiny_copy)
    file.write_bytes(content)
    with pytest.raises(Invalid, match=rf"({reason}).*Give movies_metadata\.csv"):
        enrich(tiny_copy, origin=file, now=NOW)
    assert known(tiny_copy) == before


def test_no_file_and_no_release_are_said(database: Database, file: Path, tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="ingest"):
        enrich(database, origin=file, now=NOW)
    with pytest.raises(NotFound, match=r"no file .*nowhere\.csv"):
        enrich(database, origin=tmp_path / "nowhere.csv", now=NOW)


def test_it_stops_when_the_one_who_watches_says_so(tiny_copy: Database, file: Path) -> None:
    def stop(stage: str, share: float) -> None:
        if stage == "enrich: writing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enrich(tiny_copy, origin=file, now=NOW, progress=stop)
    assert known(tiny_copy) == {}


@pytest.mark.parametrize(
    "path", ["/../x.jpg", "x.jpg", "/a/b.jpg", "/short.jpg", "/longenough.svg", 5, None, ""]
)
def test_only_the_names_of_pictures_pass(path: object) -> None:
    assert picture(path) is None
    assert picture(POSTER) == POSTER


def test_nearly_all_ratings_of_a_release_without_links_are_matched(
    database: Database, test_data: Callable[[str], Path]
) -> None:
    ingest(database, origin=test_data("ml-1m.zip"), replace=False, now=NOW)
    done = enrich(database, origin=test_data("tmdb-movies-metadata.zip"), now=NOW)
    assert len(done.rejected) == 3
    assert done.coverage.share_of_ratings > 0.985


def test_another_release_begins_without_metadata(tiny_copy: Database, file: Path, tmp_path: Path) -> None:
    enrich(tiny_copy, origin=file, now=NOW)
    release = write_release(tmp_path / "other")
    with (release / "ratings.csv").open("a", encoding="utf-8") as ratings:
        ratings.write("1,1,4.0,1000000000\n")
    with tiny_copy.transaction() as cursor:
        cursor.write("catalog/note_lookup", movie_id=1, reason=None, now=NAIVE)
    ingest(tiny_copy, origin=release, replace=True, now=NOW)
    assert known(tiny_copy) == {}
    assert films_to_fetch(tiny_copy, now=NAIVE).height == 26
