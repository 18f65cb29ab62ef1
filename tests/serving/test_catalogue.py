"""Finding and filtering films."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movieapp.database import Database
from movieapp.errors import Invalid, NotReady
from movieapp.serving.catalogue import Catalogue, read_catalogue
from movieapp.serving.lists import Filters
from movieapp.sources.metadata import FilmFacts, save
from movieapp.sources.tmdb.pictures import PosterCache
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


CINEMA = {
    1: ("Matrix, The (1999)", ["Lana Wachowski", "Keanu Reeves"], 50),
    2: ("Matrix Reloaded, The (2003)", ["Lana Wachowski", "Keanu Reeves"], 20),
    3: ("Star Wars: Episode IV (1977)", ["George Lucas", "Harrison Ford"], 90),
    4: ("Star Trek (1979)", ["Robert Wise"], 30),
    5: ("Spider-Man (2002)", ["Sam Raimi"], 40),
    6: ("Scott Pilgrim (2010)", ["Edgar Wright"], 5),
    7: ("Alien (1979)", ["Ridley Scott", "Sigourney Weaver"], 60),
    8: ("Dead Heat (1988)", [], 1),
    9: ("Heat (1995)", ["Michael Mann"], 45),
    10: ("Heather's Film (1990)", [], 70),
    11: ("Pulp Fiction (1994)", ["Quentin Tarantino"], 80),
}


@pytest.fixture(scope="module")
def cinema() -> Iterator[Catalogue]:
    """Films with people, and with as many ratings as it says."""
    database = Database()
    database.migrate()
    titles = [title for title, _, _ in CINEMA.values()]
    films = {
        "movie_id": list(CINEMA),
        "title": titles,
        "release_year": 2000,
        "genres": [["Drama"]] * len(CINEMA),
    }
    database.append("ingest/movies", pl.DataFrame(films))
    rated = [(user, movie) for movie, (_, _, n) in CINEMA.items() for user in range(1, n + 1)]
    users, movies = zip(*rated, strict=True)
    ratings = {"user_id": users, "movie_id": movies, "rating": 4.0, "seconds": range(len(rated))}
    database.write("ingest/ratings", incoming=pl.DataFrame(ratings), now=datetime(2026, 1, 1))
    with database.transaction() as cursor:
        facts = [
            (
                movie,
                FilmFacts(tmdb_id=movie, directors=tuple(people[:1]), actors=tuple(people[1:])),
                "tmdb id",
            )
            for movie, (_, people, _) in CINEMA.items()
        ]
        save(cursor, facts, now=datetime(2026, 1, 1))
    yield read_catalogue(database)
    database.close()


@pytest.mark.parametrize(
    ("typed", "movie_ids"),
    [
        # The whole name, then what begins so, then what has such a word.
        ("heat", [9, 10, 8]),
        ("star", [3, 4]),
        ("the matrix", [1, 2]),
        ("matrix 2003", [2]),
        # However it is spelled apart or together.
        ("spiderman", [5]),
        ("spider man", [5]),
        # People, after titles; last names alone; names that are still being typed.
        ("scott", [6, 7]),
        ("keanu reeves", [1, 2]),
        ("tarant", [11]),
        ("lucas star", [3]),
        # Mistakes, where nothing is spelled so.
        ("matirx", [1, 2]),
        ("the matirx reloded", [2, 1]),
        ("star wras", [3]),
        ("quentin tarrantino", [11]),
        ("sigourny weaver", [7]),
        ("plup ficton", [11]),
        ("xyzzy", []),
        ("1998", []),
    ],
)
def test_finds_what_is_meant_the_likeliest_first(cinema: Catalogue, typed: str, movie_ids: list[int]) -> None:
    assert [film.movie_id for film in cinema.search(typed, limit=20)] == movie_ids
    assert [film.movie_id for film in cinema.search(typed, limit=1)] == movie_ids[:1]


def test_a_title_is_found_however_it_is_spelled_apart(cinema: Catalogue) -> None:
    found = cinema.find_title("Spiderman (2000)")
    assert found is not None
    assert found.movie_id == 5


def test_posters_that_are_on_the_disk_have_an_address(tiny_copy: Database, tmp_path: Path) -> None:
    cache = PosterCache(tmp_path / "posters")
    facts = [
        (movie, FilmFacts(tmdb_id=movie, poster_path=f"/poster0000{movie}.jpg"), "tmdb id")
        for movie in (1, 2)
    ]
    with tiny_copy.transaction() as cursor:
        save(cursor, facts, now=datetime(2026, 1, 1))
    assert read_catalogue(tiny_copy, cache).posters == {}
    cache.put("/poster00002.jpg", b"picture")
    (cache.folder / "w342" / "poster00001.jpg.part").write_bytes(b"half")
    read = read_catalogue(tiny_copy, cache)
    assert {film.movie_id: film.poster_url for film in read.films[:3]} == {
        1: None,
        2: "/posters/2?v=poster00002",
        3: None,
    }
    assert read.posters[2].read_bytes() == b"picture"


def test_masks_are_worked_out_once_and_cannot_be_written(catalogue: Catalogue) -> None:
    mask = catalogue.mask(Filters(genres=("Comedy",)))
    assert catalogue.mask(Filters(genres=("Comedy",))) is mask
    assert not mask.flags.writeable
    for year in range(1000, 1300):
        catalogue.mask(Filters(year_from=year))
    assert catalogue.mask(Filters(genres=("Comedy",))).tolist() == mask.tolist()


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
