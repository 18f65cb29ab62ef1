"""All films of the release in memory: filters, popularity, and finding a film by what people type."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from movieapp.database import Database
from movieapp.errors import Invalid, NotReady
from movieapp.serving.lists import Film, Filters, Window
from movieapp.serving.titles import name, names, normalised, without_article, year_asked

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """One frozen value, rebuilt whole after an ingest. Position in `films` is the catalogue row.

    `movie_ids` (films,) int32 sorted; `years` (films,) int16, 0 for none; `genre_flags` (films x genres)
    bool; `likes` per window (films,) float32; `by_likes` per window the rows, most liked first;
    `n_ratings` (films,) int64.
    """

    films: tuple[Film, ...]
    movie_ids: NDArray[np.int32]
    years: NDArray[np.int16]
    genres: tuple[str, ...]
    genre_flags: Mask
    n_ratings: NDArray[np.int64]
    likes: dict[Window, NDArray[np.float32]]
    by_likes: dict[Window, NDArray[np.int64]]
    by_name: dict[str, list[int]] = field(repr=False)
    words: list[str] = field(repr=False)
    rows_of_word: list[list[int]] = field(repr=False)

    def row(self, movie_id: int) -> int | None:
        """Return the catalogue row of a movie id."""
        row = int(np.searchsorted(self.movie_ids, movie_id))
        return row if row < len(self.movie_ids) and self.movie_ids[row] == movie_id else None

    def film(self, movie_id: int) -> Film | None:
        """Return a film by its id."""
        row = self.row(movie_id)
        return None if row is None else self.films[row]

    def year_range(self) -> tuple[int, int]:
        """Return the first and the last release year."""
        dated = self.years[self.years > 0]
        return (int(dated.min()), int(dated.max())) if len(dated) else (1900, 2100)

    # The same few filters come again and again; the arrays are small, and nobody writes to them.
    @lru_cache(maxsize=256)  # noqa: B019 (a catalogue lives as long as the app, or until the next ingest)
    def mask(self, filters: Filters) -> Mask:
        """Return (films,) bool: which films pass. Refuses a genre that no film has."""
        passes = np.ones(len(self.films), bool)
        if filters.genres:
            passes &= self.genre_flags[:, self._genre_columns(filters.genres)].any(axis=1)
        if filters.exclude_genres:
            passes &= ~self.genre_flags[:, self._genre_columns(filters.exclude_genres)].any(axis=1)
        if filters.year_from is not None:
            passes &= self.years >= max(filters.year_from, 1)
        if filters.year_to is not None:
            passes &= (self.years <= filters.year_to) & (self.years > 0)
        passes.setflags(write=False)
        return passes

    def find_title(self, text: str) -> Film | None:
        """Return the film with this title, as MovieLens or as people write it; the most rated of several."""
        asked = year_asked(text)
        wanted = normalised(name(text))
        rows = self.by_name.get(wanted) or self.by_name.get(without_article(wanted)) or []
        if asked is None:
            # A number in parentheses may be part of a name; the whole text decides then.
            rows = self.by_name.get(normalised(text)) or rows
        else:
            rows = [row for row in rows if self.years[row] == asked]
        return self.films[max(rows, key=lambda row: (self.n_ratings[row], -row))] if rows else None

    def search(self, text: str, *, limit: int) -> list[Film]:
        """Return films that have a word beginning with each word typed; the most rated first."""
        typed = normalised(text).split()
        if not typed:
            return []
        found = set.intersection(*(self._rows_with_prefix(word) for word in typed))
        best = sorted(found, key=lambda row: (-self.n_ratings[row], row))
        return [self.films[row] for row in best[:limit]]

    def _rows_with_prefix(self, prefix: str) -> set[int]:
        start = bisect_left(self.words, prefix)
        stop = bisect_left(self.words, prefix + chr(0x10FFFF))
        return {row for rows in self.rows_of_word[start:stop] for row in rows}

    def _genre_columns(self, wanted: tuple[str, ...]) -> list[int]:
        column = {genre.casefold(): position for position, genre in enumerate(self.genres)}
        unknown = [genre for genre in wanted if genre.casefold() not in column]
        if unknown:
            raise Invalid(f"No film has the genre {unknown[0]!r}. Genres are: {', '.join(self.genres)}.")
        return [column[genre.casefold()] for genre in wanted]


def read_catalogue(database: Database) -> Catalogue:
    """Build the catalogue from the database; `NotReady` before a release is in."""
    frame = database.read("catalog/films")
    if frame.is_empty():
        raise NotReady("There are no films yet: the first ingest is still running, or failed. See /health.")
    genres = tuple(frame["genres"].explode().drop_nulls().unique().sort())
    by_name, words = _index(frame["title"].to_list())
    likes = {window: frame[f"likes_{window}"].to_numpy().astype(np.float32) for window in Window}
    n_ratings = frame["n_ratings"].to_numpy()
    return Catalogue(
        films=tuple(_film(row) for row in frame.iter_rows(named=True)),
        movie_ids=frame["movie_id"].to_numpy().astype(np.int32),
        years=frame["release_year"].fill_null(0).to_numpy().astype(np.int16),
        genres=genres,
        genre_flags=_flags(frame["genres"], genres),
        n_ratings=n_ratings,
        likes=likes,
        # Among equals in a window, what is liked most of all time, then what is rated most.
        by_likes={window: np.lexsort((-n_ratings, -likes[Window.ALL], -likes[window])) for window in Window},
        by_name=by_name,
        words=sorted(words),
        rows_of_word=[words[word] for word in sorted(words)],
    )


def _film(row: dict[str, object]) -> Film:
    title, year, genres = row["title"], row["release_year"], row["genres"]
    assert isinstance(title, str)
    assert isinstance(genres, list)
    return Film(
        movie_id=int(str(row["movie_id"])),
        title=title,
        name=name(title),
        release_year=year if isinstance(year, int) else None,
        genres=tuple(genres),
    )


def _flags(genres_of_films: pl.Series, genres: tuple[str, ...]) -> Mask:
    column = {genre: position for position, genre in enumerate(genres)}
    flags = np.zeros((len(genres_of_films), len(genres)), bool)
    for row, of_film in enumerate(genres_of_films.to_list()):
        flags[row, [column[genre] for genre in of_film]] = True
    return flags


def _index(titles: list[str]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Return rows by whole normalised name (with and without article) and rows by word."""
    by_name: dict[str, list[int]] = defaultdict(list)
    by_word: dict[str, list[int]] = defaultdict(list)
    for row, title in enumerate(titles):
        keys = [normalised(called) for called in names(title)]
        for key in dict.fromkeys([*keys, *map(without_article, keys), normalised(title)]):
            by_name[key].append(row)
        for word in set(" ".join([*keys, normalised(title)]).split()):
            by_word[word].append(row)
    return dict(by_name), dict(by_word)
