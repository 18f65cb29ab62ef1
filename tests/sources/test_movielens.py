"""What a release brings into the database, in every format."""

from datetime import datetime
from pathlib import Path

import pytest

from movieapp.database import Database
from movieapp.sources.movielens import Ingested, ingest
from movieapp.sources.releases import bundled
from tests.sources.small_release import (
    CSV,
    DAT_WITH_TAGS,
    DAT_WITH_USERS,
    NOW,
    U_DATA,
    pack_folder,
    rows,
    write,
)


def put(database: Database, origin: Path, *, replace: bool = False) -> Ingested:
    return ingest(database, origin=origin, replace=replace, now=NOW)


def test_the_bundled_release_comes_in_whole(database: Database) -> None:
    done = put(database, bundled())
    assert done == Ingested("ml-latest-small", 100_836, 610, 9_742, 3_683, 0)
    assert rows(database, "select count(*), min(rating), max(rating), min(source) from ratings") == [
        (100_836, 0.5, 5.0, "release")
    ]
    assert rows(database, "select count(*) from movies where release_year is null") == [(12,)]
    assert rows(database, "select count(*) from movies where genres = []") == [(34,)]
    assert rows(database, "select count(*), count(tmdb_id) from links") == [(9_742, 9_734)]
    assert rows(database, "select first_rated_at, last_rated_at from dataset") == [
        (datetime(1996, 3, 29, 18, 36, 55), datetime(2018, 9, 24, 14, 27, 30))
    ]


def test_100k_comes_in_whole(database: Database, test_data) -> None:
    assert put(database, test_data("ml-100k.zip")) == Ingested("ml-100k", 100_000, 943, 1_682, 0, 0)
    assert rows(database, "select gender, age, occupation, zip_code from users where user_id = 1") == [
        ("M", 24, "technician", "85711")
    ]
    assert rows(database, "select title from movies where contains(title, 'é') order by all limit 1") == [
        ("C'est arrivé près de chez vous (1992)",)
    ]
    assert rows(database, "select title, release_year from movies where genres = [] order by movie_id") == [
        ("unknown", None),
        ("Good Morning (1971)", 1971),
    ]


def test_1m_comes_in_whole(database: Database, test_data) -> None:
    assert put(database, test_data("ml-1m.zip")) == Ingested("ml-1m", 1_000_209, 6_040, 3_883, 0, 0)
    assert rows(database, "select gender, age, occupation from users where user_id = 1") == [
        ("F", 1, "K-12 student")
    ]
    assert rows(database, "select count(distinct occupation), count(*) from users") == [(21, 6_040)]
    assert rows(database, "select title from movies where movie_id = 73") == [("Misérables, Les (1995)",)]


def test_csv_files_bring_films_ratings_tags_and_links(database: Database, tmp_path: Path) -> None:
    done = put(database, write(tmp_path / "mine", CSV))
    assert done == Ingested("mine", n_ratings=5, n_users=3, n_movies=4, n_tags=2, n_rejected=0)
    assert rows(database, "from movies order by movie_id") == [
        (1, "Toy Story (1995)", 1995, ["Animation", "Children"]),
        (2, "Matrix, The (1999)", 1999, ["Action"]),
        (3, '"Great" Cats (1998) ', 1998, []),
        (4, "Misérables", None, ["Drama"]),
    ]
    assert rows(database, "from ratings limit 1") == [
        (1, 1, 4.0, datetime(2001, 9, 9, 1, 46, 41), NOW.replace(tzinfo=None), "release")
    ]
    assert rows(database, "select tag from tags order by user_id") == [("mind-bending",), ('toys, "alive"',)]
    assert rows(database, "from links order by movie_id") == [
        (1, 114709, 862),
        (2, 133093, None),
        (3, None, None),
    ]
    assert rows(database, "select user_id, gender, source from users order by user_id") == [
        (1, None, "release"),
        (2, None, "release"),
        (3, None, "release"),
    ]


def test_the_u_data_files_bring_flags_and_demographics(database: Database, tmp_path: Path) -> None:
    done = put(database, write(tmp_path, U_DATA, encoding="latin-1"))
    assert done == Ingested("ml-100k", n_ratings=4, n_users=3, n_movies=4, n_tags=0, n_rejected=0)
    assert rows(database, "from movies order by movie_id") == [
        (1, "Toy Story (1995)", 1995, ["Animation", "Children's", "Comedy"]),
        (2, "Matrix, The (1999)", 1999, ["Action"]),
        (3, "unknown", None, []),
        (4, "Misérables, Les (1995)", 1995, ["Drama"]),
    ]
    assert rows(database, "select gender, age, occupation, zip_code from users order by user_id") == [
        ("M", 24, "technician", "85711"),
        ("F", 53, "other", "94043"),
        ("M", 23, "writer", "V0R2M"),
    ]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_the_dat_files_of_1m_bring_codes_as_words(database: Database, tmp_path: Path, encoding: str) -> None:
    done = put(database, write(tmp_path, DAT_WITH_USERS, encoding=encoding))
    assert done == Ingested("ml-1m", n_ratings=3, n_users=2, n_movies=3, n_tags=0, n_rejected=0)
    assert rows(database, "select title, genres from movies order by movie_id") == [
        ("Toy Story (1995)", ["Animation", "Children's"]),
        ('"Matrix", The: Again (1999)', ["Action"]),
        ("Misérables, Les (1995)", ["Drama"]),
    ]
    assert rows(database, "select gender, age, occupation, zip_code from users order by user_id") == [
        ("F", 1, "K-12 student", "48067"),
        ("M", 56, "self-employed", "70072"),
    ]


def test_the_dat_files_of_10m_bring_halves_and_tags(database: Database, tmp_path: Path) -> None:
    done = put(database, write(tmp_path, DAT_WITH_TAGS))
    assert done == Ingested("ml-10m", n_ratings=2, n_users=2, n_movies=2, n_tags=2, n_rejected=0)
    assert rows(database, "select title, genres from movies where movie_id = 2") == [("Amélie (2001)", [])]
    assert rows(database, "select tag from tags order by user_id") == [('"whimsy"',), ("a::b",)]


def test_a_zip_brings_the_same_as_its_folder(database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", CSV)
    put(database, folder)
    assert put(database, pack_folder(tmp_path / "mine.zip", folder, inside="mine")).is_unchanged


def test_progress_goes_stage_by_stage_from_nothing_to_all(database: Database, tmp_path: Path) -> None:
    seen: dict[str, list[float]] = {}
    origin = pack_folder(tmp_path / "mine.zip", write(tmp_path / "mine", CSV), inside="mine")
    ingest(
        database,
        origin=origin,
        replace=False,
        now=NOW,
        progress=lambda stage, share: seen.setdefault(stage, []).append(share),
    )
    assert list(seen) == [
        "ingest: unpacking",
        "ingest: checking files",
        "ingest: movies",
        "ingest: ratings",
        "ingest: users",
        "ingest: tags",
        "ingest: links",
    ]
    assert all(shares[0] == 0 and shares[-1] == 1 and shares == sorted(shares) for shares in seen.values())
