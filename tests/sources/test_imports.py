"""An import finds the right films, takes in what is new, and comes back out as it went in."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import polars as pl
import pytest

from movieapp.database import Cursor, Database
from movieapp.errors import Conflict, Invalid, NotFound, NotReady
from movieapp.sources.exports.applying import Applied, apply, name_user
from movieapp.sources.exports.files import open_export, read_export
from movieapp.sources.exports.own import profile_csv, profile_json
from movieapp.sources.exports.presets import MOST_PRESETS
from movieapp.sources.exports.preview import Films, Preview, preview
from movieapp.sources.exports.rows import Kind
from movieapp.sources.exports.stranded import drop_stranded
from movieapp.sources.movielens import ingest
from movieapp.sources.releases import bundled
from tests.databases import copy_of, tiny_release
from tests.rows import rows
from tests.sources.test_export_files import SAMPLES, letterboxd_files, zipped

NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
MOMENT = datetime(2026, 2, 3, 4, 5, 6)
ANA, BEA = 9001, 9002
TABLES = ("ratings", "watches", "watchlist", "opinions", "notes", "unlearned", "profiles", "presets")
PLAIN: dict[str, object] = {
    "genres": [],
    "exclude_genres": [],
    **dict.fromkeys(("year_from", "year_to", "runtime_min", "runtime_max")),
    **dict.fromkeys(("diversity", "popularity", "adventure", "age"), 0.0),
    "discover": False,
    "exclude_seen": True,
}
SETTINGS = {
    "Rainy days": {**PLAIN, "genres": ["Drama", "Film-Noir"], "year_to": 1959, "popularity": -0.5},
    "Krimis, „alt“ & neu": {**PLAIN, "runtime_min": 60, "runtime_max": 120, "exclude_seen": False},
}
ABSENT = {"Everything Everywhere All at Once", "Aftersun", "The Brutalist"}


@pytest.fixture(scope="module")
def bundled_films() -> Iterator[Films]:
    database = Database()
    database.migrate()
    ingest(database, origin=bundled(), replace=False, now=NOW)
    yield Films.read(database)
    database.close()


@pytest.fixture
def look(tiny_copy: Database) -> Callable[..., Preview]:
    """Return the preview of a file in the tiny release, where film n is "The Number n" of 1970 + n."""
    films = Films.read(tiny_copy)
    return lambda name, text: preview(films, read_export(name, text.encode()))


def truth() -> dict[tuple[str, str], int]:
    """Return the movie id by title and year, as services write them, and by IMDb id."""
    with (SAMPLES / "truth.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    by_title = {(line["title"], line["year"]): int(line["movie_id"]) for line in lines}
    by_release = {(line["release_title"], line["year"]): int(line["movie_id"]) for line in lines}
    return by_title | by_release


def own(database: Database, user_id: int = ANA) -> dict[str, list[tuple]]:
    return {
        table: rows(database, f"from {table} where user_id = {user_id} order by all").rows()
        for table in TABLES
    }


@pytest.mark.parametrize(
    "name", sorted(path.relative_to(SAMPLES).as_posix() for path in SAMPLES.glob("*/*.*"))
)
def test_the_samples_of_all_services_find_the_right_films(bundled_films: Films, name: str) -> None:
    found = preview(bundled_films, open_export(SAMPLES / name))
    expected = truth()
    right, asked = 0, 0
    for film in (*found.matched, *found.doubtful, *found.unmatched):
        row = film.rows[0]
        if row.title in (*ABSENT, *(f"{title} (2022)" for title in ABSENT)) or not row.is_film:
            assert film in found.unmatched
            continue
        asked += 1
        wanted = next(
            movie_id
            for (title, year), movie_id in expected.items()
            if title == row.title and (row.year is None or abs(int(year) - row.year) <= 1)
        )
        if film in found.matched:
            assert film.film.movie_id == wanted
            right += 1
    assert right >= 0.98 * asked
    assert asked > 5


RATINGS = """Date,Name,Year,Letterboxd URI,Rating
2024-01-05,The Number 2,1972,u,4.5
2024-01-06,The Number 3,1973,u,3
2024-01-07,The Number,1974,u,2
2024-01-08,Nowhere,1999,u,1
"""


def test_a_preview_says_what_is_certain_doubtful_and_not_there(look) -> None:
    found = look("ratings.csv", RATINGS)
    assert [film.film.movie_id for film in found.matched] == [2, 3]
    (doubtful,) = found.doubtful
    assert 4 in [candidate.movie_id for candidate in doubtful.candidates]
    assert [film.rows[0].title for film in found.unmatched] == ["Nowhere"]
    assert found.share == 0.5
    lines = list(csv.DictReader(io.StringIO(found.unmatched_csv())))
    assert [(line["row"], line["title"], line["year"], line["stars"]) for line in lines] == [
        ("5", "Nowhere", "1999", "1.0")
    ]


def test_rows_about_one_film_are_one_question(look) -> None:
    diary = (
        "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
        "2024-01-05,The Number,1974,u,4,,,2024-01-04\n"
        "2024-02-05,The Number,1974,u,5,Yes,,2024-02-04\n"
    )
    (doubtful,) = look("diary.csv", diary).doubtful
    assert len(doubtful.rows) == 4


def test_another_film_of_a_name_is_not_taken_for_it(look) -> None:
    # Film 2 has the IMDb id 102: this one is another of its name, or an old id of it.
    imdb = (
        "Const,Your Rating,Date Rated,Title,Title Type,Year\ntt0999999,7,2023-05-06,The Number 2,Movie,1972\n"
    )
    found = look("ratings.csv", imdb)
    assert found.matched == ()
    assert [candidate.movie_id for candidate in found.doubtful[0].candidates] == [2]
    series = imdb.replace("Movie,1972", "TV Series,1972")
    assert len(look("ratings.csv", series).unmatched) == 1


def test_an_id_counts_more_than_a_title(look) -> None:
    imdb = (
        "Const,Your Rating,Date Rated,Title,Title Type,Year\ntt0000105,7,2023-05-06,The Number 2,Movie,1972\n"
    )
    assert [film.film.movie_id for film in look("ratings.csv", imdb).matched] == [5]


def test_ids_that_disagree_are_left_to_choose(look) -> None:
    text = "movie_id,imdb_id,tmdb_id,rating,average_rating,title\n77777,tt0000105,206,4,4,Something\n"
    (doubtful,) = look("movielens-ratings.csv", text).doubtful
    assert [candidate.movie_id for candidate in doubtful.candidates] == [5, 6]


def test_two_titles_are_two_films(tiny_copy: Database) -> None:
    films = Films.read(tiny_copy)
    text = (
        "Date,Name,Year,Letterboxd URI,Rating\n"
        "2024-01-05,Nobody's Film,,u,4\n2024-01-05,Brand New,2000,u,4\n2024-01-05,Brand Newer,2000,u,4\n"
    )
    found = preview(films, read_export("ratings.csv", text.encode()))
    assert [film.film.movie_id for film in found.matched] == [900, 901]
    assert [film.rows[0].title for film in found.doubtful] == ["Brand Newer"]


def test_an_import_adds_ratings_with_their_dates(tiny_copy: Database, look) -> None:
    done = apply(tiny_copy, look("ratings.csv", RATINGS), user_id=ANA, now=NOW)
    assert done == Applied(2, 0, 0, 0, 0, 0, 0, 0, 0)
    assert own(tiny_copy)["ratings"] == [
        (ANA, 2, 4.5, datetime(2024, 1, 5), MOMENT, "app"),
        (ANA, 3, 3.0, datetime(2024, 1, 6), MOMENT, "app"),
    ]
    assert rows(tiny_copy, f"from users where user_id = {ANA}")["source"].item() == "app"


def test_a_doubtful_film_goes_in_when_it_is_chosen(tiny_copy: Database, look) -> None:
    found = look("ratings.csv", RATINGS)
    assert apply(tiny_copy, found, user_id=ANA, choices={0: None}, now=NOW).n_ratings == 2
    assert apply(tiny_copy, found, user_id=ANA, choices={0: 4}, now=NOW).n_ratings == 1
    for choices in ({0: 12345}, {7: 4}, {-1: 4}):
        with pytest.raises(Invalid, match=r"none of those|no doubtful film"):
            apply(tiny_copy, found, user_id=ANA, choices=choices, now=NOW)


@pytest.mark.parametrize("is_overwriting", [False, True])
def test_the_same_file_twice_adds_nothing(
    tiny_copy: Database, bundled_films: Films, is_overwriting: bool
) -> None:
    database = tiny_copy
    database.migrate()
    whole = preview(bundled_films, read_export("letterboxd.zip", zipped(letterboxd_files())))
    first = apply(database, whole, user_id=ANA, now=NOW)
    assert (first.n_ratings, first.n_watches, first.n_watchlist) == (68, 36 + 45, 8)
    before = own(database)
    again = apply(database, whole, user_id=ANA, is_overwriting=is_overwriting, now=NOW.replace(year=2027))
    assert again == Applied(0, 0, 0, 0, 0, 0, 0, 0, 0)
    assert own(database) == before


def test_nothing_is_overwritten_unless_asked(tiny_copy: Database, look) -> None:
    apply(tiny_copy, look("ratings.csv", RATINGS), user_id=ANA, now=NOW)
    other = look("ratings.csv", RATINGS.replace("u,4.5", "u,0.5"))
    assert apply(tiny_copy, other, user_id=ANA, now=NOW) == Applied(0, 0, 1, 0, 0, 0, 0, 0, 0)
    assert own(tiny_copy)["ratings"][0][2] == 4.5
    done = apply(tiny_copy, other, user_id=ANA, is_overwriting=True, now=NOW)
    assert done == Applied(0, 1, 0, 0, 0, 0, 0, 0, 0)
    assert [row[2] for row in own(tiny_copy)["ratings"]] == [0.5, 3.0]


def test_others_keep_theirs(tiny_copy: Database, look) -> None:
    apply(tiny_copy, look("ratings.csv", RATINGS), user_id=BEA, now=NOW)
    before, release = own(tiny_copy, BEA), own(tiny_copy, 1)
    other = look("ratings.csv", RATINGS.replace("u,4.5", "u,0.5"))
    apply(tiny_copy, other, user_id=ANA, is_overwriting=True, now=NOW)
    assert own(tiny_copy, BEA) == before
    assert own(tiny_copy, 1) == release


def test_nothing_is_from_the_future(tiny_copy: Database, look) -> None:
    apply(tiny_copy, look("ratings.csv", RATINGS.replace("2024-01-05", "2099-01-01")), user_id=ANA, now=NOW)
    assert own(tiny_copy)["ratings"][0][3] == MOMENT


DIARY = """Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
2024-01-05,The Number 2,1972,u,4,,,2024-01-04
2024-03-05,The Number 2,1972,u,5,Yes,,2024-03-04
2024-03-05,The Number 2,1972,u,5,Yes,,2024-03-04
"""
WATCHED = "Date,Name,Year,Letterboxd URI\n2024-01-05,The Number 2,1972,u\n2024-01-06,The Number 3,1973,u\n"


def watches(database: Database) -> list[tuple]:
    return [row[1:5] for row in own(database)["watches"]]


@pytest.mark.parametrize("names", [("diary.csv", "watched.csv"), ("watched.csv", "diary.csv")])
def test_viewings_and_rewatches_are_kept_in_any_order(tiny_copy: Database, look, names) -> None:
    files = {"diary.csv": DIARY, "watched.csv": WATCHED}
    for name in (*names, *names):
        apply(tiny_copy, look(name, files[name]), user_id=ANA, now=NOW)
    assert watches(tiny_copy) == [
        (2, date(2024, 1, 4), 1, False),
        (2, date(2024, 3, 4), 1, True),
        (2, date(2024, 3, 4), 2, True),
        (3, None, 1, False),
    ]


def test_of_several_ratings_the_latest_counts(tiny_copy: Database, look) -> None:
    apply(tiny_copy, look("diary.csv", DIARY), user_id=ANA, now=NOW)
    assert [(row[1], row[2]) for row in own(tiny_copy)["ratings"]] == [(2, 5.0)]


def test_a_failing_import_changes_nothing(tiny_copy: Database, look) -> None:
    found = look("ratings.csv", RATINGS)
    with tiny_copy.transaction() as cursor:
        cursor._cursor.execute("drop table unlearned")
    with pytest.raises(Exception, match="unlearned"):
        apply(tiny_copy, found, user_id=ANA, now=NOW)
    assert rows(tiny_copy, f"from ratings where user_id = {ANA}").is_empty()
    assert rows(tiny_copy, f"from users where user_id = {ANA}").is_empty()


def test_without_a_release_there_is_nothing_to_match_with(database: Database) -> None:
    with pytest.raises(NotReady, match="ingest"):
        Films.read(database)


def full_profile(database: Database, look) -> None:
    """Let ANA do everything that can be done."""
    apply(database, look("ratings.csv", RATINGS), user_id=ANA, choices={0: 4}, now=NOW)
    apply(database, look("diary.csv", DIARY), user_id=ANA, now=NOW)
    apply(database, look("watched.csv", WATCHED), user_id=ANA, now=NOW)
    apply(
        database,
        look("watchlist.csv", WATCHED.replace("Number 3", "Number 5").replace("1973", "1975")),
        user_id=ANA,
        now=NOW,
    )
    with database.transaction() as cursor:
        assert name_user(cursor, ANA, name="Ana Ñ", color="#1d4ed8", now=NOW)
        cursor._cursor.execute("insert into notes values (?, 2, ?, ?)", [ANA, 'Great,\n"great", ½ ☃', MOMENT])
        cursor._cursor.execute("insert into unlearned values (?, 3, ?)", [ANA, MOMENT])
        for name in SETTINGS:
            write_preset(cursor, name)
        for movie_id, opinion in ((6, "hide"), (7, "like"), (8, "dislike")):
            cursor._cursor.execute(
                "insert into opinions values (?, ?, ?, ?)", [ANA, movie_id, opinion, MOMENT]
            )


def write_preset(
    cursor: Cursor, name: str, *, user_id: int = ANA, setting: dict[str, object] | None = None
) -> None:
    text = json.dumps(setting or SETTINGS.get(name, SETTINGS["Rainy days"]))
    cursor.write("serving/put_preset", user_id=user_id, called=name, preset=text, now=MOMENT)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_profile_comes_back_as_it_went(
    tiny_copy: Database, tiny_release_again: Database, look, form: str
) -> None:
    full_profile(tiny_copy, look)
    text = profile_json(tiny_copy, ANA) if form == "json" else profile_csv(tiny_copy, ANA)
    export = read_export(f"ana.{form}", text.encode())
    found = preview(Films.read(tiny_release_again), export)
    assert (found.doubtful, found.unmatched, found.share) == ((), (), 1.0)
    done = apply(tiny_release_again, found, user_id=ANA, now=NOW)
    before, after = own(tiny_copy), own(tiny_release_again)
    for table in TABLES:
        assert after[table] == before[table], table
        assert before[table]
    assert apply(tiny_release_again, found, user_id=ANA, now=NOW).n_changes == 0
    assert done.n_changes == 3 + 4 + 2 + 3 + 1 + 1 + 2
    same = profile_json(tiny_release_again, ANA)
    assert json.loads(same) == json.loads(profile_json(tiny_copy, ANA))


@pytest.fixture
def tiny_release_again() -> Iterator[Database]:
    """A fresh instance with the tiny release."""
    database = copy_of(tiny_release)
    yield database
    database.close()


def test_an_opinion_that_is_there_stays_unless_asked(tiny_copy: Database, look) -> None:
    full_profile(tiny_copy, look)
    text = profile_json(tiny_copy, ANA).replace('"hide"', '"like"')
    found = preview(Films.read(tiny_copy), read_export("ana.json", text.encode()))
    assert apply(tiny_copy, found, user_id=ANA, now=NOW).n_opinions == 0
    assert apply(tiny_copy, found, user_id=ANA, is_overwriting=True, now=NOW).n_opinions > 0


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_preset_of_a_name_that_is_taken_stays_unless_asked(tiny_copy: Database, look, form: str) -> None:
    full_profile(tiny_copy, look)
    text = profile_json(tiny_copy, ANA) if form == "json" else profile_csv(tiny_copy, ANA)
    with tiny_copy.transaction() as cursor:
        write_preset(cursor, "Rainy days", setting=SETTINGS["Krimis, „alt“ & neu"])
    found = preview(Films.read(tiny_copy), read_export(f"ana.{form}", text.encode()))
    kept = own(tiny_copy)["presets"]
    assert apply(tiny_copy, found, user_id=ANA, now=NOW).n_changes == 0
    assert own(tiny_copy)["presets"] == kept
    assert apply(tiny_copy, found, user_id=ANA, is_overwriting=True, now=NOW).n_presets == 1
    settings = {name: json.loads(setting) for _, name, setting, _ in own(tiny_copy)["presets"]}
    assert settings == SETTINGS


def test_no_import_makes_too_many_presets(tiny_copy: Database, look) -> None:
    full_profile(tiny_copy, look)
    found = preview(Films.read(tiny_copy), read_export("a.json", profile_json(tiny_copy, ANA).encode()))
    with tiny_copy.transaction() as cursor:
        for n in range(MOST_PRESETS - 1):
            write_preset(cursor, f"Preset {n}", user_id=BEA)
    with pytest.raises(Conflict, match="more than 50 presets"):
        apply(tiny_copy, found, user_id=BEA, now=NOW)
    assert own(tiny_copy, BEA)["ratings"] == []


def test_a_name_belongs_to_one_person(tiny_copy: Database) -> None:
    with tiny_copy.transaction() as cursor:
        assert name_user(cursor, ANA, name="Ana", color=None, now=NOW)
        assert not name_user(cursor, BEA, name="ANA", color=None, now=NOW)
        assert not name_user(cursor, ANA, name="Another", color=None, now=NOW)


def test_somebody_who_keeps_nothing_has_nothing_to_export(tiny_copy: Database) -> None:
    for export in (profile_json, profile_csv):
        with pytest.raises(NotFound, match="keeps nothing"):
            export(tiny_copy, ANA)


def test_every_kind_has_a_place_in_the_export() -> None:
    kinds = {str(kind) for kind in Kind}
    assert kinds == {"rating", "watched", "watchlist", "like", "dislike", "hide", "note", "unlearned"}


def test_what_is_kept_of_stranded_pairs_goes(tiny_copy: Database, look) -> None:
    full_profile(tiny_copy, look)
    with tiny_copy.transaction() as cursor:
        gone = {"user_id": [ANA] * 3, "movie_id": [2, 3, 6], "reason": ["gone"] * 3}
        assert drop_stranded(cursor, pl.DataFrame(gone)) == 4 + 1 + 1 + 1 + 1
    left = own(tiny_copy)
    kept = ("opinions", "watches", "watchlist", "notes", "unlearned")
    assert [len(left[table]) for table in kept] == [2, 0, 1, 0, 0]
    assert len(left["profiles"]) == 1
