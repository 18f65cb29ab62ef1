"""Which film of the release each row of an export means: certain, to be chosen, or not there."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl

from movieapp.database import Database
from movieapp.errors import Invalid, NotReady
from movieapp.sources.exports.rows import Export, Row
from movieapp.sources.title_match import Found, Titled, TitleMatcher

SAME_NAME = 100.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One film of the release; `title` is as MovieLens writes it."""

    movie_id: int
    title: str


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows about one film, and the film."""

    rows: tuple[Row, ...]
    film: Candidate


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Rows about one film that may be one of these, the most likely first."""

    rows: tuple[Row, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Rows about one film that the release does not have."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would take in. Positions in `doubtful` are what choices are made by."""

    export: Export
    matched: tuple[Matched, ...]
    doubtful: tuple[Doubtful, ...]
    unmatched: tuple[Unmatched, ...]

    @property
    def share(self) -> float:
        """Films that are certain, among all of the export; 1 for an empty one."""
        n_films = len(self.matched) + len(self.doubtful) + len(self.unmatched)
        return len(self.matched) / n_films if n_films else 1.0

    def settled(self, choices: Mapping[int, int | None]) -> list[tuple[int, Row]]:
        """Return (movie_id, row) of what is certain and of the doubtful that somebody chose a film for.

        `choices` are movie ids by position in `doubtful`, None for none of them; `Invalid` for another film.
        """
        pairs = [(film.film.movie_id, row) for film in self.matched for row in film.rows]
        for position, movie_id in choices.items():
            if not 0 <= position < len(self.doubtful):
                raise Invalid(f"There is no doubtful film {position}: there are {len(self.doubtful)}.")
            film = self.doubtful[position]
            if movie_id is None:
                continue
            if movie_id not in {candidate.movie_id for candidate in film.candidates}:
                raise Invalid(f"Movie {movie_id} is none of those to choose from for {film.rows[0].title}.")
            pairs += [(movie_id, row) for row in film.rows]
        return pairs

    def unmatched_csv(self) -> str:
        """Return the rows of films that the release does not have, as csv."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(
            ["file", "row", "kind", "title", "year", "imdb_id", "tmdb_id", "stars", "at", "watched_on"]
        )
        for row in (row for film in self.unmatched for row in film.rows):
            imdb_id = None if row.imdb_id is None else f"tt{row.imdb_id:07d}"
            fields = [row.file, row.number, row.kind, row.title, row.year, imdb_id, row.tmdb_id]
            writer.writerow(
                ["" if each is None else each for each in (*fields, row.stars, row.at, row.watched_on)]
            )
        return text.getvalue()


class Films:
    """The films of the release, indexed to be found by ids or by title and year."""

    def __init__(self, films: pl.DataFrame) -> None:
        rows = films.rows(named=True)
        self._titles: dict[int, str] = {row["movie_id"]: row["title"] for row in rows}
        self._one_line_titles = {key: " ".join(title.split()) for key, title in self._titles.items()}
        self._imdb_ids: dict[int, int | None] = {row["movie_id"]: row["imdb_id"] for row in rows}
        self._tmdb_ids: dict[int, int | None] = {row["movie_id"]: row["tmdb_id"] for row in rows}
        self._by_imdb = _by("imdb_id", films)
        self._by_tmdb = _by("tmdb_id", films)
        self._matcher = TitleMatcher(
            Titled(
                row["movie_id"],
                tuple(filter(None, (row["title"], row["tmdb_title"], row["original_title"]))),
                row["release_year"],
                row["n_ratings"],
            )
            for row in rows
        )

    @classmethod
    def read(cls, database: Database) -> Self:
        """Index the films in the database; `NotReady` before there is a release."""
        films = database.read("catalog/films_to_match")
        if films.is_empty():
            raise NotReady("There are no films yet to match with: run launcher.py ingest first.")
        return cls(films)

    def film(self, movie_id: int) -> Candidate:
        """Return a film by its id, which has to be there."""
        return Candidate(movie_id, self._titles[movie_id])

    def find(self, row: Row) -> Found:
        """Return the film that a row means."""
        if row.movie_id is not None and row.title and self._one_line_titles.get(row.movie_id) == row.title:
            return Found(row.movie_id)
        by_id = [self._by_imdb.get(row.imdb_id or 0), self._by_tmdb.get(row.tmdb_id or 0)]
        ids = list(dict.fromkeys(each for each in by_id if each is not None))
        if len(ids) == 1:
            return Found(ids[0])
        if ids:
            return Found(None, tuple(ids))
        if not row.is_film or not row.title:
            return Found(None)
        found = self._matcher.match((row.title,), row.year)
        keys = found.candidates if found.key is None else (found.key,)
        if not any(self._has_other_id(key, row) for key in keys):
            return found
        # It may be an old id of that film, or the id of another film of that name.
        is_same = found.likeness == SAME_NAME
        return Found(None, tuple(key for key in keys if is_same or not self._has_other_id(key, row)))

    def _has_other_id(self, movie_id: int, row: Row) -> bool:
        """Whether the release knows the film by an id that is not the row's, which it does not have."""
        by_imdb = row.imdb_id is not None and self._imdb_ids[movie_id] is not None
        return by_imdb or (row.tmdb_id is not None and self._tmdb_ids[movie_id] is not None)


def preview(films: Films, export: Export) -> Preview:
    """Find the film of every row; rows about the same film are one question."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in export.rows:
        groups[(row.movie_id, row.imdb_id, row.tmdb_id, row.title, row.year, row.is_film)].append(row)
    found = [(tuple(rows), films.find(rows[0])) for rows in groups.values()]
    # Two films of an export are two films: the one that is only called alike is the doubtful one.
    surely = {each.key for _, each in found if each.key is not None and each.likeness == SAME_NAME}
    matched, doubtful, unmatched = [], [], []
    for rows, each in found:
        is_taken = each.likeness != SAME_NAME and each.key in surely
        candidates = (each.key,) if is_taken and each.key is not None else each.candidates
        if each.key is not None and not is_taken:
            matched.append(Matched(rows, films.film(each.key)))
        elif candidates:
            doubtful.append(Doubtful(rows, tuple(films.film(key) for key in candidates)))
        else:
            unmatched.append(Unmatched(rows))
    return Preview(export, tuple(matched), tuple(doubtful), tuple(unmatched))


def _by(key: str, films: pl.DataFrame) -> dict[int, int]:
    """Return movie ids by an id elsewhere; of several with one id, the most rated."""
    known = films.filter(pl.col(key).is_not_null()).sort("n_ratings", "movie_id", descending=[False, True])
    return dict(known.select(key, "movie_id").rows())
