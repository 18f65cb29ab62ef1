"""A year in review, on ratings and viewings whose figures can be worked out by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import polars as pl
import pytest

from movieapp.database import Database
from movieapp.errors import NotFound
from movieapp.models.als import ALS
from movieapp.models.bundle import Bundle
from movieapp.models.stars import Stars
from movieapp.preparation.interactions import Interactions, read_ratings
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.taste import taste
from movieapp.serving.year_review import GenreLiked, YearReview, year_in_review
from tests.databases import copy_of

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PERSON = 1
WHEN = {
    1: (4.0, datetime(1997, 12, 31, 23, 59, 59)),
    2: (5.0, datetime(1998, 1, 1)),
    3: (5.0, datetime(1998, 3, 4)),
    4: (2.0, datetime(1998, 3, 5)),
    5: (4.5, datetime(1998, 12, 31, 23, 59, 59)),
    6: (3.0, datetime(1999, 1, 1)),
}
GENRES = {1: ["Drama"], 2: ["Drama"], 3: ["Comedy", "Drama"], 4: ["Comedy"], 5: ["Comedy"], 6: []}


def fill(database: Database) -> None:
    """Put the films and everybody's ratings into an empty database."""
    movies = {
        "movie_id": list(GENRES),
        "title": [f"Film {i} (1990)" for i in GENRES],
        "release_year": [1990] * len(GENRES),
        "genres": list(GENRES.values()),
    }
    database.append("ingest/movies", pl.DataFrame(movies))
    rows = [(PERSON, movie_id, stars, _seconds(at)) for movie_id, (stars, at) in WHEN.items()]
    rows += [
        (user, movie_id, 4.0 if movie_id == 3 else 2.0, 100 + user)
        for user in range(2, 13)
        for movie_id in GENRES
    ]
    frame = pl.DataFrame(rows, schema=["user_id", "movie_id", "rating", "seconds"], orient="row")
    database.write("ingest/ratings", incoming=frame, now=NOW.replace(tzinfo=None))


class Parts:
    """A database with what serves from it; eleven others gave film 3 four stars and all else two."""

    def __init__(self) -> None:
        self.database = copy_of(fill)
        self.profiles = Profiles(self.database)
        self.profiles.load()
        self.log = RequestLog(self.database)
        self.recommender = Recommender(self.database, self.profiles, self.log, clock=lambda: NOW)
        self.recommender.show(read_catalogue(self.database))

    def watch(self, *days: tuple[int, date | None]) -> None:
        rows = [(movie_id, day, 1, False, NOW.replace(tzinfo=None)) for movie_id, day in days]
        schema = {
            "movie_id": pl.Int32,
            "watched_on": pl.Date,
            "nth": pl.Int16,
            "is_rewatch": pl.Boolean,
            "at": pl.Datetime,
        }
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        self.database.write("catalog/add_watches", incoming=frame, user_id=PERSON)

    def of(self, year: int | None) -> YearReview:
        return year_in_review(self.database, self.profiles, self.recommender, PERSON, year=year)


def _seconds(at: datetime) -> int:
    return int(at.replace(tzinfo=UTC).timestamp())


@pytest.fixture
def parts() -> Iterator[Parts]:
    found = Parts()
    yield found
    found.log.close()
    found.database.close()


def test_a_year_ends_with_its_last_second(parts: Parts) -> None:
    found = parts.of(1998)
    assert found.years == (1997, 1998, 1999)
    assert (found.n_rated, found.n_liked, found.n_watched) == (4, 3, 0)
    assert found.mean == pytest.approx((5 + 5 + 2 + 4.5) / 4)
    assert found.rated_by_month == (1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    assert found.first is not None
    assert found.last is not None
    assert (found.first.film.movie_id, found.last.film.movie_id) == (2, 5)
    assert parts.of(1997).n_rated == parts.of(1999).n_rated == 1


def test_the_best_and_the_genres(parts: Parts) -> None:
    found = parts.of(1998)
    # Of two films with five stars, the one that the others like more.
    assert [one.film.movie_id for one in found.best] == [3, 2, 5]
    assert found.genres == (
        GenreLiked("Drama", 2, 2, 5.0),
        GenreLiked("Comedy", 3, 2, pytest.approx(11.5 / 3)),
    )


def test_months_add_up_to_the_year(parts: Parts) -> None:
    parts.watch((1, date(1998, 2, 1)), (2, date(1998, 2, 1)), (3, date(2001, 1, 1)), (4, None))
    for year in (1997, 1998, 1999, 2001):
        found = parts.of(year)
        assert (sum(found.rated_by_month), sum(found.watched_by_month)) == (found.n_rated, found.n_watched)
    assert parts.of(1998).n_watched == 2
    assert parts.of(2001).n_watched == 1
    assert parts.of(2001).years == (1997, 1998, 1999, 2001)


def test_the_newest_year_with_anything_is_shown_first(parts: Parts) -> None:
    assert parts.of(None).year == 1999
    parts.watch((3, date(2001, 1, 1)))
    assert parts.of(None).year == 2001


def test_a_year_without_anything_is_empty(parts: Parts) -> None:
    found = parts.of(2003)
    assert (found.n_rated, found.n_watched, found.mean, found.best, found.genres) == (0, 0, None, (), ())
    assert found.first is found.last is found.surprise is None


def test_the_surprise_is_furthest_above_what_was_expected(parts: Parts) -> None:
    assert parts.of(1998).surprise is None
    kept = Interactions.of(read_ratings(parts.database))
    als = ALS(factors=2, iterations=3).fit(kept)
    stars = Stars(rank=2, iterations=12, burn_in=4, kept=4, components=2).fit(kept)
    facts = {"algorithm": "als", "trained_at": NOW.isoformat(), "metrics": {}}
    parts.recommender.swap(Bundle.of(als, als, kept, facts=facts, stars=stars), version="1")
    known = taste(parts.database, parts.profiles, parts.recommender, PERSON).predictability
    assert known is not None
    above = {
        one.film.movie_id: one.stars - (one.expected or 0.0)
        for one in known.ratings
        if one.rated_at.year == 1998
    }
    surprise = parts.of(1998).surprise
    assert surprise is not None
    assert above[surprise.film.movie_id] == max(above.values()) > 0
    # The one film of 1999 got fewer stars than somebody that generous was expected to give.
    assert parts.of(1999).surprise is None


def test_a_stranger_has_no_years(parts: Parts) -> None:
    with pytest.raises(NotFound):
        year_in_review(parts.database, parts.profiles, parts.recommender, 4711)
