"""Small stand-ins for the serving functions, with answers that can be held in the head."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fake_people import FakeCatalogue, FakeProfiles

from movieapp.errors import NotFound, NotReady
from movieapp.models.rerank import ListAims
from movieapp.serving.explanation import Explanation
from movieapp.serving.home import Home, Row, RowKind
from movieapp.serving.lists import (
    Answer,
    Expected,
    Film,
    FilmDetails,
    Filters,
    RatingStatistics,
    Reason,
    ReasonKind,
    Result,
    Window,
)
from movieapp.sources.titles import name

ZIP = Path(__file__).parents[2] / "data" / "ml-latest-small.zip"


ANY = Filters()


@dataclass
class FakeRecommender:
    """Popular films in order; for known users films of the genres they like; `trouble` is raised by all.

    Nothing is like the films in `unknown`. Other aims than `aims` change no list. No stars are expected.
    `ahead` has the ratings for which scores were worked out ahead, None for what is kept already.
    """

    films: FakeCatalogue | None
    profiles: FakeProfiles
    live: Any = None
    trouble: Exception | None = None
    unknown: set[int] = field(default_factory=set)
    aims: ListAims = field(default_factory=ListAims)
    ahead: list[tuple[int, float, datetime] | None] = field(default_factory=list)
    is_behind: bool = False
    cannot_score: bool = False

    @property
    def catalogue(self) -> FakeCatalogue:
        if self.films is None:
            raise NotReady("There are no films yet: the ratings are still being read.")
        return self.films

    def has_scored(self, user_id: int) -> bool:
        return not self.is_behind

    def score_ahead(self, user_id: int, *, rated: tuple[int, float, datetime] | None = None) -> None:
        self.ahead.append(rated)
        if self.cannot_score:
            raise ValueError("no scores")

    def popular(
        self,
        *,
        k: int = 10,
        window: Window = Window.ALL,
        filters: Filters = ANY,
        user_id: int | None = None,
    ) -> Answer:
        answer = self._answer(self._passing(filters, user_id)[:k], (Reason(ReasonKind.HIGH_POPULARITY),))
        counted = (result._replace(score=60.0 - place) for place, result in enumerate(answer.results))
        return replace(answer, results=tuple(counted))

    def recommend(
        self,
        user_id: int,
        *,
        k: int = 10,
        exclude_seen: bool = True,
        filters: Filters = ANY,
        aims: ListAims | None = None,
    ) -> Answer:
        seen = self.profiles.stars.get(user_id, {})
        films = self._passing(filters, user_id)
        if not seen or self.live is None:
            notice = f"User {user_id} has no ratings yet, so these are popular films."
            return self._answer(films[:k], (Reason(ReasonKind.HIGH_POPULARITY),), user_id, notice)
        liked = [film for m, rating in seen.items() if rating >= 4 and (film := self.catalogue.film(m))][:2]
        reasons = [Reason(ReasonKind.BECAUSE_YOU_LIKED, film.title, film.movie_id, 0.3) for film in liked]
        return self._answer(films[:k], (*reasons, Reason(ReasonKind.GENRE_MATCH, "Drama")), user_id)

    def home(self, user_id: int, *, k: int = 12) -> Home:
        answer = self.recommend(user_id, k=k)
        popular = Row(RowKind.POPULAR, "Popular now", "Liked lately.", answer.results, window=Window.MONTH)
        if answer.is_fallback:
            return Home(answer, (popular,))
        first = Row(RowKind.FOR_YOU, "For you", "The best first.", answer.results[:2])
        rows = (first, replace(popular, results=answer.results[2:]))
        return Home(answer, tuple(row for row in rows if row.results))

    def similar(
        self,
        movie_ids: Sequence[int],
        *,
        k: int = 10,
        filters: Filters = ANY,
        user_id: int | None = None,
    ) -> Answer:
        if self.unknown & set(movie_ids):
            raise NotFound("It is noted for the next training.")
        seeds = [film for movie_id in movie_ids if (film := self.catalogue.film(movie_id))]
        wanted = {genre for film in seeds for genre in film.genres}
        films = [film for film in self._passing(filters, user_id) if film not in seeds]
        films.sort(key=lambda film: -len(wanted & set(film.genres)) / (len(film.genres) + 1))
        return self._answer(
            films[:k], tuple(Reason(ReasonKind.SIMILAR_TO, s.title, s.movie_id) for s in seeds[:2])
        )

    def expected(self, user_id: int, movie_ids: Sequence[int]) -> list[Expected | None]:
        return [None] * len(movie_ids)

    def explain(self, user_id: int, movie_id: int) -> Explanation:
        if movie_id in self.unknown:
            raise NotFound("It is noted for the next training.")
        (film,) = (film for film in self.catalogue.films if film.movie_id == movie_id)
        return Explanation("r", user_id, "3", film, 1, len(self.catalogue.films), None, (), ())

    def details(self, movie_id: int) -> FilmDetails:
        if self.trouble:
            raise self.trouble
        film = self.catalogue.film(movie_id)
        assert film is not None
        counts = [0] * 10
        for stars in self.profiles.stars.values():
            if movie_id in stars:
                counts[int(stars[movie_id] * 2) - 1] += 1
        n = sum(counts)
        mean = sum((i + 1) / 2 * count for i, count in enumerate(counts)) / n if n else None
        return FilmDetails(film, None, None, None, 114709, 862, RatingStatistics(n, mean, tuple(counts)))

    def _passing(self, filters: Filters, user_id: int | None) -> list[Film]:
        if self.trouble:
            raise self.trouble
        passing = [film for film in self.catalogue.films if _passes(film, filters)]
        if user_id is None:
            return passing
        gone = {*self.profiles.stars.get(user_id, {}), *self.profiles.put_aside(user_id)}
        return [film for film in passing if film.movie_id not in gone]

    def _answer(
        self,
        films: Sequence[Film],
        reasons: tuple[Reason, ...],
        user_id: int | None = None,
        notice: str | None = None,
    ) -> Answer:
        results = [Result(film, 1.0 - i / 60, None, reasons) for i, film in enumerate(films)]
        return Answer("r", user_id, None, notice is not None, notice, tuple(results), 1.0)


def _passes(film: Film, filters: Filters) -> bool:
    year = film.release_year or 0
    return (
        (not filters.genres or bool(set(filters.genres) & set(film.genres)))
        and not set(filters.exclude_genres) & set(film.genres)
        and (filters.year_from is None or year >= filters.year_from)
        and (filters.year_to is None or 0 < year <= filters.year_to)
    )


def a_live_version() -> Any:
    """Return what the recommender tells of the version that serves."""
    return SimpleNamespace(
        version="3",
        algorithm="als",
        trained_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        metrics={},
        n_movies=5,
    )


def bundled_films(most: int) -> tuple[tuple[Film, ...], dict[int, dict[int, float]]]:
    """Return the most rated films of the bundled release, and the ratings of them."""
    with zipfile.ZipFile(ZIP) as archive:
        rows = {table: _rows(archive, table) for table in ("movies", "ratings")}
    counts = Counter(row["movieId"] for row in rows["ratings"])
    chosen = sorted(rows["movies"], key=lambda row: -counts[row["movieId"]])[:most]
    films = tuple(_film(int(row["movieId"]), row["title"], row["genres"]) for row in chosen)
    ids = {film.movie_id for film in films}
    stars: dict[int, dict[int, float]] = {}
    for row in rows["ratings"]:
        if int(row["movieId"]) in ids:
            stars.setdefault(int(row["userId"]), {})[int(row["movieId"])] = float(row["rating"])
    return films, stars


def _rows(archive: zipfile.ZipFile, table: str) -> list[dict[str, str]]:
    with archive.open(f"ml-latest-small/{table}.csv") as file:
        return list(csv.DictReader(io.TextIOWrapper(file, "utf-8")))


def _film(movie_id: int, title: str, genres: str) -> Film:
    year = re.search(r"\((\d{4})\)\s*$", title)
    listed = () if genres.startswith("(") else tuple(genres.split("|"))
    return Film(movie_id, title, name(title), int(year[1]) if year else None, listed)
