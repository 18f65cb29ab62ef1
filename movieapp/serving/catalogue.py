"""All films of the release in memory: filters, popularity, and finding a film by what people type."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from movieapp.database import Database
from movieapp.errors import Invalid, NotReady
from movieapp.serving.lists import Film, Filters, Window
from movieapp.serving.titles import TitleIndex
from movieapp.sources.titles import names, normalised, year_asked

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
    titles: TitleIndex = field(repr=False)

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
        rows = self.titles.titled(text)
        if asked is None:
            # A number in parentheses may be part of a name; the whole text decides then.
            whole = self.titles.by_name.of_key(normalised(text))
            rows = whole if len(whole) else rows
        else:
            rows = rows[self.years[rows] == asked]
        return next(iter(self._most_rated(rows, 1)), None)

    def search(self, text: str, *, limit: int) -> list[Film]:
        """Return films that have a word beginning with each word typed; the most rated first."""
        typed = normalised(text).split()
        found = np.full(len(self.films), bool(typed))
        for word in typed:
            has_it = np.zeros(len(self.films), bool)
            has_it[self.titles.by_word.of_prefix(word)] = True
            found &= has_it
        return self._most_rated(np.flatnonzero(found), limit)

    def titled_alike(self, text: str, *, limit: int) -> list[Film]:
        """Return films for a title that none has: most of its words are in theirs, if spelled otherwise.

        A rare word says more of a title than a frequent one; of equals, the most rated come first.
        """
        words = self.titles.by_word
        shared, total = np.zeros(len(self.films)), 0.0
        for word in set(" ".join(map(normalised, names(text))).split()):
            rows = words.of_key(words.closest(word) or word)
            weight = np.log1p(len(self.films) / max(len(rows), 1))
            shared[rows] += weight
            total += weight
        near = np.flatnonzero(shared > total / 2)
        best = near[np.lexsort((near, -self.n_ratings[near], -shared[near]))]
        return [self.films[row] for row in best[:limit].tolist()]

    def _most_rated(self, rows: NDArray[np.int64], limit: int) -> list[Film]:
        best = rows[np.lexsort((rows, -self.n_ratings[rows]))]
        return [self.films[row] for row in best[:limit].tolist()]

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
    names_of = [names(title) for title in frame["title"]]
    likes = {window: frame[f"likes_{window}"].to_numpy().astype(np.float32) for window in Window}
    n_ratings = frame["n_ratings"].to_numpy()
    return Catalogue(
        films=_films(frame, names_of),
        movie_ids=frame["movie_id"].to_numpy().astype(np.int32),
        years=frame["release_year"].fill_null(0).to_numpy().astype(np.int16),
        genres=genres,
        genre_flags=_flags(frame["genres"], genres),
        n_ratings=n_ratings,
        likes=likes,
        # Among equals in a window, what is liked most of all time, then what is rated most.
        by_likes={window: np.lexsort((-n_ratings, -likes[Window.ALL], -likes[window])) for window in Window},
        titles=TitleIndex.of(frame["title"], names_of),
    )


def _films(frame: pl.DataFrame, names_of: list[list[str]]) -> tuple[Film, ...]:
    # Many films share few combinations of genres. No genre has the sign in it that parts them in files.
    joined = frame["genres"].list.join("|")
    genres = {one: tuple(one.split("|")) if one else () for one in joined.unique()}
    columns = frame.select("movie_id", "title", "release_year", joined).rows()
    return tuple(
        Film(movie_id, title, called[0], year, genres[one])
        for (movie_id, title, year, one), called in zip(columns, names_of, strict=True)
    )


def _flags(genres_of_films: pl.Series, genres: tuple[str, ...]) -> Mask:
    """Return (films x genres) bool."""
    pairs = pl.DataFrame({"genre": genres_of_films}).with_row_index("row").explode("genre").drop_nulls()
    flags = np.zeros((len(genres_of_films), len(genres)), bool)
    columns = np.searchsorted(np.array(genres, object), pairs["genre"].to_numpy())
    flags[pairs["row"].to_numpy(), columns] = True
    return flags
