"""List settings under names: kept as they are, of one person, through a restart and a replacement."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.errors import Conflict, Invalid, NotFound
from movieapp.models.rerank import ListAims
from movieapp.serving.lists import Filters
from movieapp.serving.presets import MOST_PRESETS, Presets, Setting
from movieapp.serving.profiles import Profiles
from movieapp.sources.exports.files import read_export
from movieapp.sources.exports.own import profile_csv, profile_json
from movieapp.sources.own_data import clear_release, keep_own_data, read_own_data
from tests.databases import copy_of
from tests.serving.conftest import RATINGS, fill
from tests.thorough import examples

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RAINY = Setting(
    Filters(("Drama",), ("Horror", "War"), 1950, 1999, 80, 120),
    ListAims(diversity=0.25, popularity=-0.5, adventure=1.0, age=-0.75, discover=True),
    exclude_seen=False,
)
PLAIN = Setting(Filters(), ListAims())


def presets_of(database: Database) -> Presets:
    profiles = Profiles(database)
    profiles.load()
    return Presets(database, profiles)


@pytest.fixture
def presets(small: Database) -> Presets:
    return presets_of(small)


def names(presets: Presets, user_id: int) -> list[str]:
    return [preset.name for preset in presets.of(user_id)]


def test_a_preset_comes_back_as_it_was_kept(presets: Presets) -> None:
    kept = presets.put(7, "  Rainy   days ", RAINY, now=NOW)
    assert (kept.name, kept.changed_at) == ("Rainy days", NOW)
    assert presets.of(7) == [kept]
    assert presets.of(9) == []


def test_it_is_there_after_the_next_start(file: Path) -> None:
    database = Database(file)
    database.migrate()
    kept = presets_of(database).put(7, "Rainy", RAINY, now=NOW)
    database.close()
    again = Database(file)
    assert presets_of(again).of(7) == [kept]
    again.close()


def test_the_same_name_replaces_and_others_stay_in_their_order(presets: Presets) -> None:
    for name in ("b", "C", "a"):
        presets.put(7, name, PLAIN, now=NOW)
    presets.put(7, "b", RAINY, now=NOW)
    assert names(presets, 7) == ["a", "b", "C"]
    assert presets.of(7)[1].setting == RAINY


def test_renaming_keeps_the_setting_and_takes_no_name_of_another(presets: Presets) -> None:
    presets.put(7, "a", RAINY, now=NOW)
    presets.put(7, "b", PLAIN, now=NOW)
    with pytest.raises(Conflict, match="named b already"):
        presets.rename(7, "a", "b")
    assert presets.rename(7, "a", " c ").setting == RAINY
    assert presets.rename(7, "c", "c").name == "c"
    assert names(presets, 7) == ["b", "c"]
    presets.remove(7, "c")
    assert names(presets, 7) == ["b"]


def test_what_is_not_there_is_told(presets: Presets) -> None:
    with pytest.raises(NotFound, match="no user 4711"):
        presets.put(4711, "a", PLAIN, now=NOW)
    with pytest.raises(NotFound, match="no preset named 'a'"):
        presets.rename(7, "a", "b")
    with pytest.raises(NotFound, match="no preset named 'a'"):
        presets.remove(7, "a")


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a/b", "a\x00b"])
def test_a_name_that_cannot_stand_in_an_address_is_refused(presets: Presets, name: str) -> None:
    with pytest.raises(Invalid, match="1 to 40 characters"):
        presets.put(7, name, PLAIN, now=NOW)


def test_there_is_an_end_to_presets_but_not_to_changing_them(presets: Presets) -> None:
    for n in range(MOST_PRESETS):
        presets.put(7, f"no {n}", PLAIN, now=NOW)
    with pytest.raises(Conflict, match="50 presets already"):
        presets.put(7, "one more", PLAIN, now=NOW)
    presets.put(7, "no 3", RAINY, now=NOW)


def test_they_go_with_the_person(small: Database) -> None:
    profiles = Profiles(small)
    profiles.load()
    user_id = profiles.make("Ana", now=NOW).user_id
    presets = Presets(small, profiles)
    presets.put(user_id, "a", PLAIN, now=NOW)
    presets.put(7, "a", PLAIN, now=NOW)
    profiles.delete(user_id)
    assert (names(presets, user_id), names(presets, 7)) == ([], ["a"])


def test_in_another_release_they_stay_with_who_was_made_here(small: Database) -> None:
    profiles = Profiles(small)
    profiles.load()
    user_id = profiles.make("Ana", now=NOW).user_id
    presets = Presets(small, profiles)
    for person in (user_id, 7):
        presets.put(person, "a", RAINY, now=NOW)
    taken = RATINGS.filter(pl.col("user_id") == 7).with_columns(user_id=pl.lit(user_id))
    with small.transaction() as cursor:
        own = read_own_data(cursor)
        clear_release(cursor)
        cursor.write("ingest/ratings", incoming=taken, now=NOW.replace(tzinfo=None))
        kept = keep_own_data(cursor, own, release="other")
    assert kept.n_moved == 1
    (moved,) = kept.own.users.filter(pl.col("source") == "app")["user_id"]
    assert [len(presets.of(person)) for person in (moved, user_id, 7)] == [1, 0, 0]


@pytest.fixture(scope="module")
def shared() -> Iterator[Presets]:
    """One database for all examples."""
    database = copy_of(fill)
    yield presets_of(database)
    database.close()


leaning = st.floats(-1, 1)
years = st.one_of(st.none(), st.integers(1000, 9999))
minutes = st.one_of(st.none(), st.integers(1, 1000))
genre = st.text(min_size=1, max_size=5).filter(str.isprintable)


@settings(max_examples=examples(20))
@given(
    genres=st.lists(genre, max_size=3).map(tuple), year=years, longest=minutes, seen=st.booleans(),
    aims=st.builds(ListAims, st.floats(0, 1), leaning, leaning, leaning, st.booleans()),
)  # fmt: skip
def test_any_setting_comes_back_as_it_was_kept(
    shared: Presets,
    genres: tuple[str, ...],
    year: int | None,
    longest: int | None,
    seen: bool,
    aims: ListAims,
) -> None:
    setting = Setting(Filters(genres, genres[:1], year, None, None, longest), aims, seen)
    shared.put(7, "any", setting, now=NOW)
    assert shared.of(7)[0].setting == setting


@pytest.mark.parametrize("filters", [Filters(year_from=50), Filters(runtime_max=5000), Filters(genres=("",))])
def test_what_no_list_can_be_asked_for_is_not_kept(presets: Presets, filters: Filters) -> None:
    with pytest.raises(Invalid, match="cannot be kept"):
        presets.put(7, "Odd", Setting(filters, ListAims()), now=NOW)
    assert presets.of(7) == []


def test_whatever_is_kept_can_be_taken_elsewhere(small: Database) -> None:
    nothing_passes = Setting(Filters(year_from=2005, year_to=1990), ListAims())
    presets_of(small).put(7, "Odd", nothing_passes, now=NOW)
    for form, written in (("json", profile_json), ("csv", profile_csv)):
        export = read_export(f"own.{form}", written(small, 7).encode())
        assert [one.name for one in export.presets] == ["Odd"]
