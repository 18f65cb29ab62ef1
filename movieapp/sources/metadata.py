"""What is known of films beyond the release: plot, runtime, people, pictures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from movieapp.database import Cursor, Database

# What a picture at TMDB is called. It becomes a file name here, so that nothing else may pass.
PICTURE = re.compile(r"/[A-Za-z0-9_-]{8,64}\.(?:jpg|jpeg|png|webp)")
# TMDB's terms let nobody keep its data for more than six months.
FRESH_FOR = timedelta(days=150)
# A film that TMDB gave a senseless answer about is asked for again after so long.
AGAIN_AFTER = timedelta(hours=20)

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "movie_id": pl.Int32,
    "tmdb_id": pl.Int32,
    "imdb_id": pl.Int32,
    "title": pl.String,
    "original_title": pl.String,
    "overview": pl.String,
    "runtime_min": pl.Int16,
    "released_on": pl.Date,
    "vote_average": pl.Float32,
    "n_votes": pl.Int32,
    "popularity": pl.Float32,
    "poster_path": pl.String,
    "backdrop_path": pl.String,
    "keywords": pl.List(pl.String),
    "directors": pl.List(pl.String),
    "actors": pl.List(pl.String),
    "origin": pl.String,
    "matched_by": pl.String,
    "fetched_at": pl.Datetime("us"),
}


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What TMDB says of one film; an empty tuple or None where it says nothing. `imdb_id` is without "tt"."""

    tmdb_id: int
    imdb_id: int | None = None
    title: str | None = None
    original_title: str | None = None
    overview: str | None = None
    runtime_min: int | None = None
    released_on: date | None = None
    vote_average: float | None = None
    n_votes: int | None = None
    popularity: float | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    keywords: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the release has metadata, and by what the films were matched."""

    n_movies: int
    n_matched: int
    n_ratings: int
    n_ratings_matched: int
    n_by_tmdb_id: int
    n_by_imdb_id: int
    n_by_title: int

    @property
    def share_of_movies(self) -> float:
        """Matched films among all, 0 to 1."""
        return self.n_matched / max(self.n_movies, 1)

    @property
    def share_of_ratings(self) -> float:
        """Ratings of matched films among all ratings, 0 to 1."""
        return self.n_ratings_matched / max(self.n_ratings, 1)


def coverage(database: Database) -> Coverage:
    """Return how much of the release has metadata now."""
    return Coverage(**database.read("catalog/metadata_coverage").row(0, named=True))


def films_to_fetch(database: Database, *, now: datetime) -> pl.DataFrame:
    """Return movie_id, title, release_year, imdb_id and tmdb_id of the films that TMDB is to be asked about.

    The most rated come first. `now` is naive, in UTC.
    """
    since, failed_since = now - FRESH_FOR, now - AGAIN_AFTER
    return database.read("catalog/films_to_fetch", since=since, failed_since=failed_since)


def save(cursor: Cursor, facts: Sequence[tuple[int, FilmFacts, str]], *, now: datetime) -> None:
    """Keep what TMDB said of films: (movie_id, facts, what they were matched by). `now` is naive, in UTC."""
    rows = [
        {name: getattr(said, name) for name in FilmFacts.__dataclass_fields__}
        | {"movie_id": movie_id, "origin": "tmdb", "matched_by": matched_by, "fetched_at": now}
        for movie_id, said, matched_by in facts
    ]
    cursor.write("catalog/put_metadata", incoming=pl.DataFrame(rows, schema=SCHEMA))


def clear_metadata(cursor: Cursor) -> None:
    """Forget what is known of the films of a release that goes: the ids of the next mean other films."""
    cursor.write("catalog/delete_metadata")
    cursor.write("catalog/delete_film_lookups")


def picture(path: object) -> str | None:
    """Return the name of a picture at TMDB if it is one, safe to be a file name here."""
    return path if isinstance(path, str) and PICTURE.fullmatch(path) else None
