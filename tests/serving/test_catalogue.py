"""Finding and filtering films."""

import sys

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.errors import Invalid, NotReady
from movieapp.serving.catalogue import Catalogue, read_catalogue
from movieapp.serving.lists import Filters
from tests.tiny_release import UNRATED


@pytest.fixture(scope="module")
def catalogue(tiny: Database) -> Catalogue:
    return read_catalogue(tiny)


def passing(catalogue: Catalogue, **filters: object) -> set[int]:
    mask = catalogue.mask(Filters(**filters))  # type: ignore[arg-type]
    return set(catalogue.movie_ids[mask].tolist())


def test_there_is_none_before_an_ingest() -> None:
    database = Database()
    database.migrate()
    with pytest.raises(NotReady):
        read_catalogue(database)


@pytest.mark.parametrize("text", ["Number 7, The (1977)", "The Number 7", "number 7", "the number 7 (1977)"])
def test_finds_titles_as_movielens_and_as_people_write_them(catalogue: Catalogue, text: str) -> None:
    film = catalogue.find_title(text)
    assert film is not None
    assert (film.movie_id, film.name) == (7, "The Number 7")


def test_a_wrong_year_finds_nothing(catalogue: Catalogue) -> None:
    assert catalogue.find_title("The Number 7 (1999)") is None


def test_searches_by_the_beginnings_of_words(catalogue: Catalogue) -> None:
    assert [film.movie_id for film in catalogue.search("nob fil", limit=5)] == [UNRATED]
    assert {film.movie_id for film in catalogue.search("numb 2", limit=50)} == {2, *range(20, 25)}
    assert catalogue.search("  ?! ", limit=5) == []
    assert len(catalogue.search("number", limit=3)) == 3


def test_a_misspelled_title_finds_what_may_be_meant(catalogue: Catalogue) -> None:
    assert [film.movie_id for film in catalogue.titled_alike("Nobdy's Flim (1999)", limit=3)] == [UNRATED]
    assert len(catalogue.titled_alike("the nmuber", limit=3)) == 3
    assert catalogue.titled_alike("Casablanca (1942)", limit=3) == []
    assert catalogue.titled_alike("?!", limit=3) == []


def test_reading_does_little_per_film_in_python(database: Database) -> None:
    n_films = 2000
    titles = [f"Number {movie}, The ({1900 + movie % 100})" for movie in range(n_films)]
    films = {
        "movie_id": range(n_films),
        "title": titles,
        "release_year": 1999,
        "genres": [["Drama"]] * n_films,
    }
    database.append("ingest/movies", pl.DataFrame(films))
    calls = 0

    def count(_frame: object, event: str, _of: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        read = read_catalogue(database)
    finally:
        sys.setprofile(None)
    assert len(read.films) == n_films
    assert calls < 60 * n_films


def test_genres_in_are_any_of_and_genres_out_are_none_of(catalogue: Catalogue) -> None:
    assert passing(catalogue, genres=("romance", "Thriller")) == {
        *range(1, 25, 2), *range(4, 25, 4)
    }  # fmt: skip
    assert passing(catalogue, genres=("Comedy",), exclude_genres=("Romance",)) == set(range(2, 25, 4))


def test_years_are_inclusive_and_a_film_without_one_fails(catalogue: Catalogue) -> None:
    assert passing(catalogue, year_from=1980, year_to=1982) == {10, 11, 12}
    assert UNRATED not in passing(catalogue, year_to=3000)
    assert UNRATED not in passing(catalogue, year_from=-5)
    assert UNRATED in passing(catalogue)


def test_an_unknown_genre_is_refused_with_the_known_ones(catalogue: Catalogue) -> None:
    with pytest.raises(Invalid, match="Comedy, Drama, Romance, Thriller"):
        catalogue.mask(Filters(genres=("Western",)))


@given(text=st.text(max_size=30))
def test_no_text_breaks_the_search(catalogue: Catalogue, text: str) -> None:
    assert len(catalogue.search(text, limit=5)) <= 5
    catalogue.find_title(text)
