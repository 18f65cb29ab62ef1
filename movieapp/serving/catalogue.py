"""All films of the release in memory: filters, popularity, and finding a film by what people type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from movieapp.database import Database
from movieapp.errors import Invalid, NotReady
from movieapp.serving import search
from movieapp.serving.lists import Film, Filters, Window
from movieapp.serving.titles import Postings, TitleIndex, people_index
from movieapp.sources.titles import names, normalised, year_asked
from movieapp.sources.tmdb.pictures import PosterCache

Mask = NDArray[np.bool_]

# The same few filters come again and again.
KEPT_MASKS = 256


@dataclass(frozen=True, eq=False)
class Catalogue:
    """One frozen value, rebuilt whole after an ingest or when more is known of the films.

    Position in `films` is the catalogue row.

    `movie_ids` (films,) int32 sorted; `years` and `runtimes` (films,) int16, 0 for none, the latter in
    minutes; `genre_flags` (films x genres) bool; `likes` per window (films,) float32; `by_likes` per window
    the rows, most liked first; `n_ratings` (films,) int64; `posters` the pictures on the disk by movie id.
    """

    films: tuple[Film, ...]
    movie_ids: NDArray[np.int32]
    years: NDArray[np.int16]
    runtimes: NDArray[np.int16]
    genres: tuple[str, ...]
    genre_flags: Mask
    n_ratings: NDArray[np.int64]
    likes: dict[Window, NDArray[np.float32]]
    by_likes: dict[Window, NDArray[np.int64]]
    titles: TitleIndex = field(repr=False)
    people: Postings = field(repr=False)
    posters: Mapping[int, Path] = field(repr=False)
    _masks: dict[Filters, Mask] = field(default_factory=dict, init=False, repr=False)

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

    @property
    def has_runtimes(self) -> bool:
        """Whether any film's runtime is known, so that films can be chosen by it."""
        return bool(self.runtimes.any())

    def mask(self, filters: Filters) -> Mask:
        """Return (films,) bool, not to be written to: which films pass. Refuses a genre that no film has."""
        found = self._masks.get(filters)
        if found is None:
            found = self._passing(filters)
            if len(self._masks) >= KEPT_MASKS:
                self._masks.clear()
            self._masks[filters] = found
        return found

    def _passing(self, filters: Filters) -> Mask:
        passes = np.ones(len(self.films), bool)
        if filters.genres:
            passes &= self.genre_flags[:, self._genre_columns(filters.genres)].any(axis=1)
        if filters.exclude_genres:
            passes &= ~self.genre_flags[:, self._genre_columns(filters.exclude_genres)].any(axis=1)
        if filters.year_from is not None:
            passes &= self.years >= max(filters.year_from, 1)
        if filters.year_to is not None:
            passes &= (self.years <= filters.year_to) & (self.years > 0)
        if filters.runtime_min is not None:
            passes &= self.runtimes >= max(filters.runtime_min, 1)
        if filters.runtime_max is not None:
            passes &= (self.runtimes <= filters.runtime_max) & (self.runtimes > 0)
        passes.setflags(write=False)
        return passes

    def find_title(self, text: str) -> Film | None:
        """Return the film with this title, as MovieLens or as people write it; the most rated of several."""
        asked = year_asked(text)
        rows = self.titles.titled(text)
        if asked is None:
            # A number in parentheses may be part of a name; the whole text decides then.
            whole = self.titles.named(normalised(text))
            rows = whole if len(whole) else rows
        else:
            rows = rows[self.years[rows] == asked]
        return next(iter(self._most_rated(rows, 1)), None)

    def search(self, text: str, *, limit: int) -> list[Film]:
        """Return films by title, director or actor, the best first; with typing mistakes if none else is."""
        typed = normalised(text).split()
        if not typed:
            return []
        rows = search.found(self.titles, self.people, self.n_ratings, typed, limit)
        return [self.films[row] for row in rows]

    def titled_alike(self, text: str, *, limit: int) -> list[Film]:
        """Return films for a title that none has: most of its words are in theirs, if spelled otherwise.

        The most alike come first; of equals, the most rated.
        """
        words = " ".join(map(normalised, names(text))).split()
        alike = search.titled_alike(self.titles, len(self.films), words)
        near = np.flatnonzero(alike > 0.5)
        best = near[np.lexsort((near, -self.n_ratings[near], -alike[near]))]
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


def read_catalogue(database: Database, posters: PosterCache | None = None) -> Catalogue:
    """Build the catalogue from the database and the posters at hand; `NotReady` before a release is in."""
    frame = database.read("catalog/films")
    if frame.is_empty():
        raise NotReady("There are no films yet: the first ingest is still running, or failed. See /health.")
    genres = tuple(frame["genres"].explode().drop_nulls().unique().sort())
    names_of = [names(title) for title in frame["title"]]
    likes = {window: frame[f"likes_{window}"].to_numpy().astype(np.float32) for window in Window}
    n_ratings = frame["n_ratings"].to_numpy()
    pictures = {} if posters is None else _pictures(frame, posters)
    return Catalogue(
        films=_films(frame, names_of, pictures),
        movie_ids=frame["movie_id"].to_numpy().astype(np.int32),
        years=frame["release_year"].fill_null(0).to_numpy().astype(np.int16),
        runtimes=frame["runtime_min"].fill_null(0).to_numpy().astype(np.int16),
        genres=genres,
        genre_flags=_flags(frame["genres"], genres),
        n_ratings=n_ratings,
        likes=likes,
        # Among equals in a window, what is liked most of all time, then what is rated most.
        by_likes={window: np.lexsort((-n_ratings, -likes[Window.ALL], -likes[window])) for window in Window},
        titles=TitleIndex.of(frame["title"], names_of),
        people=people_index(frame["people"]),
        posters=pictures,
    )


def _pictures(frame: pl.DataFrame, posters: PosterCache) -> dict[int, Path]:
    """Return by movie id the posters that are on the disk."""
    files = posters.files()
    named = frame.select("movie_id", "poster_path").drop_nulls().rows()
    return {movie_id: files[name] for movie_id, name in named if name in files}


def _films(frame: pl.DataFrame, names_of: list[list[str]], pictures: Mapping[int, Path]) -> tuple[Film, ...]:
    # Many films share few combinations of genres. No genre has the sign in it that parts them in files.
    joined = frame["genres"].list.join("|")
    genres = {one: tuple(one.split("|")) if one else () for one in joined.unique()}
    columns = frame.select("movie_id", "title", "release_year", joined).rows()
    return tuple(
        Film(movie_id, title, called[0], year, genres[one], _poster_url(movie_id, pictures.get(movie_id)))
        for (movie_id, title, year, one), called in zip(columns, names_of, strict=True)
    )


def _poster_url(movie_id: int, picture: Path | None) -> str | None:
    # The name of the picture changes with it, so that browsers may keep what they have for good.
    return None if picture is None else f"/posters/{movie_id}?v={picture.stem}"


def _flags(genres_of_films: pl.Series, genres: tuple[str, ...]) -> Mask:
    """Return (films x genres) bool."""
    pairs = pl.DataFrame({"genre": genres_of_films}).with_row_index("row").explode("genre").drop_nulls()
    flags = np.zeros((len(genres_of_films), len(genres)), bool)
    columns = np.searchsorted(np.array(genres, object), pairs["genre"].to_numpy())
    flags[pairs["row"].to_numpy(), columns] = True
    return flags
