"""Milliseconds of searches as people type them, over ML-1M's 3,883 films and 10,000, eleven people a film."""

import statistics
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from movieapp.database import Database
from movieapp.serving.catalogue import Catalogue, read_catalogue
from movieapp.sources.metadata import FilmFacts, save
from movieapp.sources.movielens import ingest
from movieapp.sources.titles import normalised

NOW = datetime(2026, 1, 1)
N_QUERIES = 400
N_PEOPLE = 11
SIZES = (3_883, 10_000)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def searching(titles: list[str]) -> dict[str, Any]:
    """Return p50 and p95 by kind of query, for each size."""
    return {
        "routes": [
            {"films": size, "typed": kind, **_timed(catalogue, queries)}
            for size in SIZES
            for catalogue in [_catalogue(_of_size(titles, size))]
            for kind, queries in _queries(catalogue).items()
        ]
    }


def _of_size(titles: list[str], size: int) -> list[str]:
    """Return so many titles: those there are, then their sequels."""
    rounds = range(1 + size // len(titles))
    return [title if not n else f"{title[:-7]} {n + 1}{title[-7:]}" for n in rounds for title in titles][
        :size
    ]


def _catalogue(titles: list[str]) -> Catalogue:
    rng = np.random.default_rng(7)
    names = [f"{_word(rng)} {_word(rng)}" for _ in range(3 * len(titles))]
    database = Database()
    database.migrate()
    ids = range(1, len(titles) + 1)
    films = {"movie_id": ids, "title": titles, "release_year": 2000, "genres": [["Drama"]] * len(titles)}
    database.append("ingest/movies", pl.DataFrame(films))
    ratings = {"user_id": 1, "movie_id": rng.permutation(ids), "rating": 4.0, "seconds": ids}
    database.write("ingest/ratings", incoming=pl.DataFrame(ratings), now=NOW)
    facts = []
    for movie_id in ids:
        people = tuple(names[place] for place in rng.integers(len(names), size=N_PEOPLE))
        facts.append((movie_id, FilmFacts(movie_id, directors=people[:1], actors=people[1:]), "tmdb id"))
    with database.transaction() as cursor:
        save(cursor, facts, now=NOW)
    catalogue = read_catalogue(database)
    database.close()
    return catalogue


def _queries(catalogue: Catalogue) -> dict[str, list[str]]:
    rng = np.random.default_rng(8)
    films = [catalogue.films[row] for row in rng.integers(len(catalogue.films), size=N_QUERIES)]
    names = [normalised(film.name) for film in films]
    people = [
        catalogue.people.keys[place] for place in rng.integers(len(catalogue.people.keys), size=N_QUERIES)
    ]
    return {
        "a title": names,
        "its beginning": [name[: int(rng.integers(1, len(name) + 1))] for name in names],
        "with mistakes": [_mistyped(name, rng) for name in names],
        "a person": people,
        "a person with mistakes": [_mistyped(name, rng) for name in people],
        "nothing known": [" ".join(_word(rng) for _ in range(5)) for _ in names],
    }


def _mistyped(name: str, rng: np.random.Generator) -> str:
    """Return a name with two letters swapped and one replaced."""
    letters = list(name)
    if len(letters) > 3:
        place = int(rng.integers(len(letters) - 1))
        letters[place : place + 2] = letters[place : place + 2][::-1]
        letters[int(rng.integers(len(letters)))] = LETTERS[int(rng.integers(26))]
    return "".join(letters)


def _word(rng: np.random.Generator) -> str:
    return "".join(LETTERS[place] for place in rng.integers(26, size=int(rng.integers(4, 10))))


def _timed(catalogue: Catalogue, queries: list[str]) -> dict[str, float]:
    took = []
    for query in queries:
        started = time.perf_counter()
        catalogue.search(query, limit=20)
        took.append((time.perf_counter() - started) * 1000)
    return {"p50 ms": statistics.median(took), "p95 ms": float(np.percentile(took, 95))}


def titles_of(origin: Path) -> list[str]:
    """Return the titles of a release."""
    database = Database()
    database.migrate()
    ingest(database, origin=origin, replace=False, now=datetime.now().astimezone())
    titles = database.read("catalog/films")["title"].to_list()
    database.close()
    return titles
