"""One person's taste beside everybody else's, on ratings whose figures can be worked out by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from movieapp.database import Database
from movieapp.errors import NotFound
from movieapp.models.als import ALS
from movieapp.models.bundle import Bundle
from movieapp.models.stars import Stars
from movieapp.models.stars_left_out import left_out
from movieapp.preparation.interactions import Interactions, read_ratings
from movieapp.serving.catalogue import read_catalogue
from movieapp.serving.own_ratings import own_ratings
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.request_log import RequestLog
from movieapp.serving.taste import Compared, Taste, taste
from tests.databases import copy_of

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MOVIES = pl.DataFrame(
    {
        "movie_id": [1, 2, 3, 4],
        "title": ["Toy Story (1995)", "Heat (1995)", "Gilda (1946)", "Nowhere"],
        "release_year": [1995, 1995, 1946, None],
        "genres": [["Animation", "Comedy"], ["Thriller"], ["Drama", "Thriller"], []],
    },
    schema_overrides={"genres": pl.List(pl.String)},
)
# Person 1 likes what others do not (3) and not what they like (1). Person 2 is one of six others.
RATINGS = [(1, 1, 2.0), (1, 2, 4.0), (1, 3, 5.0), (1, 4, 3.0)]
RATINGS += [(user, 1, 5.0) for user in range(2, 8)] + [(user, 3, 1.0) for user in range(2, 8)]
RATINGS += [(2, 2, 3.0), (3, 2, 3.5)]


def fill(database: Database) -> None:
    """Put the films, the ratings and what is known of person 1 into an empty database."""
    database.append("ingest/movies", MOVIES)
    rows = [(*rating, 1000 + place) for place, rating in enumerate(RATINGS)]
    frame = pl.DataFrame(rows, schema=["user_id", "movie_id", "rating", "seconds"], orient="row")
    database.write("ingest/ratings", incoming=frame, now=NOW.replace(tzinfo=None))
    people = {"gender": ["F"], "age": [25], "occupation": ["writer"], "zip_code": ["1"]}
    database.append("ingest/users", pl.DataFrame({"user_id": [1]} | people))


class Parts:
    """A database with what serves from it."""

    def __init__(self) -> None:
        self.database = copy_of(fill)
        self.profiles = Profiles(self.database)
        self.profiles.load()
        self.log = RequestLog(self.database)
        self.recommender = Recommender(self.database, self.profiles, self.log, clock=lambda: NOW)
        self.recommender.show(read_catalogue(self.database))

    def of(self, user_id: int) -> Taste:
        return taste(self.database, self.profiles, self.recommender, user_id)

    def serve_stars(self) -> None:
        kept = Interactions.of(read_ratings(self.database))
        als = ALS(factors=2, iterations=3).fit(kept)
        stars = Stars(rank=2, iterations=12, burn_in=4, kept=4, components=2).fit(kept)
        facts = {"algorithm": "als", "trained_at": NOW.isoformat(), "metrics": {}}
        self.recommender.swap(Bundle.of(als, als, kept, facts=facts, stars=stars), version="1")


@pytest.fixture
def parts() -> Iterator[Parts]:
    found = Parts()
    yield found
    found.log.close()
    found.database.close()


def test_stars_beside_those_of_others(parts: Parts) -> None:
    found = parts.of(1)
    assert found.n_ratings == 4
    assert found.mean == 3.5
    assert found.mean_of_others == pytest.approx((6 * 5 + 6 * 1 + 3 + 3.5) / 14)
    # Film 1: 2 - 5. Film 2: 4 - 3.25. Film 3: 5 - 1. Nobody else rated film 4.
    assert found.difference == pytest.approx((-3 + 0.75 + 4) / 3)
    assert found.n_compared == 3
    assert found.stars == (0, 0, 0, 1, 0, 1, 0, 1, 0, 1)
    assert found.stars_of_others == (0, 6, 0, 0, 0, 1, 1, 0, 0, 6)


def test_genres_and_decades_beside_those_of_others(parts: Parts) -> None:
    found = parts.of(1)
    thriller = found.genres[0]
    assert thriller == Compared("Thriller", 2, 0.5, 8 / 14, 4.5, pytest.approx((6 + 6.5) / 8))
    assert [genre.name for genre in found.genres] == ["Thriller", "Animation", "Comedy", "Drama"]
    assert [(one.name, one.n_ratings) for one in found.decades] == [
        ("1940s", 1),
        ("1990s", 2),
        ("unknown", 1),
    ]
    assert found.decades[2].mean_of_others is None


def test_films_seen_otherwise_than_others_see_them(parts: Parts) -> None:
    found = parts.of(1)
    assert [one.film.movie_id for one in found.liked_alone] == [3]
    assert [one.film.movie_id for one in found.disliked_alone] == [1]
    assert (found.disliked_alone[0].n_likes, found.disliked_alone[0].n_others) == (6, 6)
    assert parts.of(4).liked_alone == parts.of(4).disliked_alone == ()


@pytest.mark.parametrize("user_id", range(1, 8))
def test_sums_add_up(parts: Parts, user_id: int) -> None:
    found = parts.of(user_id)
    assert sum(found.stars) == found.n_ratings == sum(one.n_ratings for one in found.decades)
    assert sum(found.stars) + sum(found.stars_of_others) == len(RATINGS)
    assert sum(one.share or 0 for one in found.decades) == pytest.approx(1)
    assert sum(one.share_of_others or 0 for one in found.decades) == pytest.approx(1)


def test_without_a_model_of_stars_nothing_is_expected(parts: Parts) -> None:
    assert parts.of(1).predictability is None


def test_how_predictable_somebody_is(parts: Parts) -> None:
    parts.serve_stars()
    found = parts.of(1).predictability
    assert found is not None
    # Film 4, which nobody else rated, has no mean to compare with.
    assert [one.film.movie_id for one in found.ratings] == [1, 2, 3]
    errors = [abs(one.stars - (one.expected or 0)) for one in found.ratings]
    assert found.error == pytest.approx(sum(errors) / 3)
    assert found.error_of_mean == pytest.approx((3 + 0.75 + 4) / 3)
    assert found.close_share == pytest.approx(sum(error <= 0.5 for error in errors) / 3)
    assert [one.film.movie_id for one in found.worse] == [1]
    assert found.better[0].film.movie_id == 3


def test_a_rating_that_came_in_after_the_training_is_not_taken_for_learned(parts: Parts) -> None:
    parts.profiles.unrate(1, 2, now=NOW)
    parts.serve_stars()
    # Imported: given long before the training, and here only since.
    parts.database.write(
        "serving/add_rating",
        user_id=1,
        movie_id=2,
        rating=4.0,
        rated_at=datetime(1970, 1, 1, 0, 16, 41),
        arrived_at=datetime(2026, 1, 2, 3, 4, 6),
        source="app",
    )
    parts.profiles.load()
    live, history = parts.recommender.state.live, parts.profiles.history(1)
    assert live is not None
    assert live.bundle.stars is not None
    assert history is not None
    seen = live.histories(1, history)
    expected = left_out(live.bundle.stars, seen, np.array([True, False, True, True]))
    found = own_ratings(parts.database, parts.profiles, parts.recommender, 1).own["expected"]
    assert found.to_list() == pytest.approx(expected.tolist())
    as_if_learned = left_out(live.bundle.stars, seen, np.array([True, True, True, True]))
    assert abs(float(as_if_learned[1]) - float(expected[1])) > 0.001


def test_what_nothing_is_learned_from_is_no_part_of_the_taste(parts: Parts) -> None:
    frame = pl.DataFrame(
        {"movie_id": [3], "at": [NOW.replace(tzinfo=None)]}, {"movie_id": pl.Int32, "at": pl.Datetime}
    )
    parts.database.write("catalog/add_unlearned", incoming=frame, user_id=1)
    found = parts.of(1)
    assert found.n_ratings == sum(found.stars) == sum(one.n_ratings for one in found.decades) == 3
    assert found.liked_alone == ()
    assert sum(parts.of(2).stars_of_others) == len(RATINGS) - 3


def test_a_stranger_has_none_and_somebody_without_ratings_an_empty_one(parts: Parts) -> None:
    with pytest.raises(NotFound, match="There is no user 4711"):
        parts.of(4711)
    for movie_id in (1, 2, 3, 4):
        parts.profiles.unrate(1, movie_id, now=NOW)
    found = parts.of(1)
    assert (found.n_ratings, found.mean, found.difference, found.predictability) == (0, None, None, None)
    assert sum(found.stars) == sum(one.n_ratings for one in found.genres) == 0
