"""Which release it is, by its files and its name."""

import pytest

from movieapp.errors import Invalid, NotFound
from movieapp.sources.releases import (
    CSV,
    DAT_WITH_TAGS,
    DAT_WITH_USERS,
    RELEASES,
    U_DATA,
    bundled,
    recognise,
    release,
)


@pytest.mark.parametrize("name", RELEASES)
def test_a_release_with_all_its_files_is_recognised_by_name(name: str) -> None:
    assert recognise(RELEASES[name].needed, names=[name]) == RELEASES[name]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("ml-10M100K", "ml-10m"),
        ("ML-1M", "ml-1m"),
        ("ml-100k-copy", "ml-100k"),
        ("ml-latest-small (1)", "ml-latest-small"),
    ],
)
def test_the_name_may_be_written_otherwise(folder: str, name: str) -> None:
    assert recognise(RELEASES[name].needed, names=[folder]).name == name


@pytest.mark.parametrize(
    ("files", "name"),
    [(U_DATA.files, "ml-100k"), (DAT_WITH_USERS.files, "ml-1m"), (DAT_WITH_TAGS.files, "ml-10m")],
)
def test_without_a_name_the_files_tell(files: tuple[str, ...], name: str) -> None:
    assert recognise(files, names=["films"]).name == name


def test_the_readme_tells_the_csv_releases_apart() -> None:
    readme = "Summary\n=====\n\nThis dataset (ml-25m) describes 5-star rating"
    assert recognise(CSV.files, names=["ml-20m"], readme=readme).name == "ml-25m"


def test_a_csv_release_that_nobody_published_goes_by_its_folder() -> None:
    mine = recognise({"ratings.csv", "movies.csv"}, names=["", "mine"])
    assert mine.name == "mine"
    assert mine.needed == ("movies.csv", "ratings.csv")


def test_a_name_never_overrules_the_files() -> None:
    assert recognise(CSV.files, names=["ml-1m"]).format is CSV


def test_other_files_are_refused() -> None:
    with pytest.raises(Invalid, match="holds no MovieLens release"):
        recognise({"holiday.jpg", "tags.csv"}, names=["ml-25m"])


def test_an_unknown_name_gets_the_list_of_the_known() -> None:
    with pytest.raises(NotFound, match="ml-latest-small, ml-100k, ml-1m"):
        release("ml-2m")


def test_a_known_name_may_be_written_large() -> None:
    assert release(" ML-100K ").name == "ml-100k"


def test_the_bundled_release_is_there() -> None:
    assert bundled().is_file()
