"""What one person rated, film by film: what others gave, and what was to be expected without that rating."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from movieapp.database import Database, naive
from movieapp.models.stars_left_out import left_out
from movieapp.preparation.interactions import seconds
from movieapp.serving.histories import History
from movieapp.serving.lists import Film
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender


@dataclass(frozen=True, slots=True)
class OwnRating:
    """A rating beside what the others who rated the film gave, and what was expected; None where unknown.

    `n_likes` of the `n_others` gave four stars or more.
    """

    film: Film
    stars: float
    rated_at: datetime
    n_others: int
    n_likes: int
    mean_of_others: float | None
    expected: float | None


@dataclass(frozen=True, eq=False)
class OwnRatings:
    """`films` has every film that anybody rated, as `serving/taste_films` gives it; `own` those that the
    person rated, by movie id, with `expected` (Float64, null where it is unknown)."""

    films: pl.DataFrame
    own: pl.DataFrame
    recommender: Recommender

    def shown(self, rows: pl.DataFrame) -> tuple[OwnRating, ...]:
        """Return rows of `own` as people see them."""
        return tuple(_shown(self.recommender, rows.iter_rows(named=True)))


def own_ratings(database: Database, profiles: Profiles, recommender: Recommender, user_id: int) -> OwnRatings:
    """Read what somebody rated; `NotFound` for a stranger, nothing for a person without ratings.

    It reads the database and asks the model of stars: call it in a thread.
    """
    if profiles.history(user_id) is None:
        profiles.ratings(user_id)  # refuses a stranger
    films = database.read("serving/taste_films", user_id=user_id)
    own = films.filter(pl.col("stars").is_not_null())
    learned = own.filter(~pl.col("is_unlearned"))
    history = History(
        learned["movie_id"].to_numpy().astype(np.int32),
        learned["stars"].to_numpy().astype(np.float32),
        seconds(learned["rated_at"]),
        0,
    )
    stars = _expected(recommender, user_id, history, learned["arrived_at"])
    expected = pl.Series("expected", stars, pl.Float64).fill_nan(None)
    found = learned.select("movie_id").with_columns(expected)
    own = own.join(found, on="movie_id", how="left", maintain_order="left")
    return OwnRatings(films, own, recommender)


def _expected(
    recommender: Recommender, user_id: int, history: History, arrived_at: pl.Series
) -> NDArray[np.float64]:
    """Return the stars expected of each rating as if it had not been given, NaN where unknown, (ratings,).

    `arrived_at` (ratings,) is when this instance came to know each of them, in UTC without a zone.
    """
    expected = np.full(len(history), np.nan)
    live = recommender.state.live
    stars = None if live is None else live.bundle.stars
    if live is None or stars is None:
        return expected
    known = np.isin(history.movie_ids, live.bundle.movie_ids)
    # Whoever was not there at the training left no trace in the films; nor did what came in since.
    was_there = bool(np.isin(user_id, live.bundle.user_ids))
    had_arrived = (arrived_at <= naive(live.about.trained_at)).to_numpy()
    expected[known] = left_out(stars, live.histories(user_id, history), was_there & had_arrived[known])
    return expected


def _shown(recommender: Recommender, rows: Iterable[dict[str, Any]]) -> Iterable[OwnRating]:
    for row in rows:
        film = recommender.catalogue.film(row["movie_id"])
        if film is not None:
            yield OwnRating(
                film=film,
                stars=row["stars"],
                rated_at=row["rated_at"].replace(tzinfo=UTC),
                n_others=row["n_others"],
                n_likes=row["n_likes"],
                mean_of_others=row["mean_of_others"],
                expected=row["expected"],
            )
