"""A year in review: what one person rated and watched in it, month by month, and what stood out."""

from dataclasses import dataclass

import polars as pl

from movieapp.database import Database
from movieapp.preparation.interactions import LIKE
from movieapp.serving.own_ratings import OwnRating, OwnRatings, own_ratings
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender
from movieapp.serving.taste import by_genre

MOST_BEST = 6
MOST_GENRES = 5


@dataclass(frozen=True, slots=True)
class GenreLiked:
    """A genre in one year: ratings, likes among them, and the mean stars."""

    name: str
    n_ratings: int
    n_likes: int
    mean: float


@dataclass(frozen=True, slots=True)
class YearReview:
    """One person's year, in UTC. `years` are all years with a rating or a dated viewing, oldest first.

    `rated_by_month` and `watched_by_month` count January to December. `best` comes best first, equals by
    how the others rated them. `first` and `last` are by time of rating; `surprise` is the film whose stars
    were furthest above what was expected, None where nothing was above.
    """

    user_id: int
    year: int | None
    years: tuple[int, ...]
    n_rated: int
    n_liked: int
    n_watched: int
    mean: float | None
    rated_by_month: tuple[int, ...]
    watched_by_month: tuple[int, ...]
    best: tuple[OwnRating, ...]
    genres: tuple[GenreLiked, ...]
    first: OwnRating | None
    last: OwnRating | None
    surprise: OwnRating | None


def year_in_review(
    database: Database,
    profiles: Profiles,
    recommender: Recommender,
    user_id: int,
    *,
    year: int | None = None,
) -> YearReview:
    """Return somebody's year; without one the newest with anything in it. `NotFound` for a stranger.

    `year` is None in the answer for somebody with nothing in any year. Call it in a thread.
    """
    rated = own_ratings(database, profiles, recommender, user_id)
    watched = database.read("serving/watched_days", user_id=user_id)["watched_on"]
    years = {*rated.own["rated_at"].dt.year().to_list(), *watched.dt.year().to_list()}
    chosen = year if year is not None else max(years, default=None)
    own = rated.own.filter(pl.col("rated_at").dt.year() == chosen).sort("rated_at", "movie_id")
    then = watched.filter(watched.dt.year() == chosen)
    best = own.sort("stars", "mean_of_others", "movie_id", descending=[True, True, False], nulls_last=True)
    mean = own["stars"].cast(pl.Float64).mean()
    return YearReview(
        user_id=user_id,
        year=chosen,
        years=tuple(sorted(years)),
        n_rated=len(own),
        n_liked=len(own.filter(pl.col("stars") >= LIKE)),
        n_watched=len(then),
        mean=mean if isinstance(mean, float) else None,
        rated_by_month=_by_month(own["rated_at"]),
        watched_by_month=_by_month(then),
        best=rated.shown(best.filter(pl.col("stars") >= LIKE).head(MOST_BEST)),
        genres=_genres(own),
        first=_one(rated, own.head(1)),
        last=_one(rated, own.tail(1)),
        surprise=_one(rated, _surprise(own)),
    )


def _genres(own: pl.DataFrame) -> tuple[GenreLiked, ...]:
    """Return the genres with the most likes, equals by mean; only those with any."""
    groups = (
        by_genre(own)
        .group_by("name")
        .agg(
            n_ratings=pl.len(),
            n_likes=(pl.col("stars") >= LIKE).sum(),
            mean=pl.col("stars").cast(pl.Float64).mean(),
        )
    )
    most = groups.filter(pl.col("n_likes") > 0).sort(
        "n_likes", "mean", "name", descending=[True, True, False]
    )
    columns = ("name", "n_ratings", "n_likes", "mean")
    return tuple(GenreLiked(*row) for row in most.head(MOST_GENRES).select(columns).iter_rows())


def _surprise(own: pl.DataFrame) -> pl.DataFrame:
    above = own.with_columns(above=pl.col("stars") - pl.col("expected")).filter(pl.col("above") > 0)
    return above.sort("above", "movie_id", descending=[True, False]).head(1)


def _one(rated: OwnRatings, rows: pl.DataFrame) -> OwnRating | None:
    return next(iter(rated.shown(rows)), None)


def _by_month(days: pl.Series) -> tuple[int, ...]:
    months = days.dt.month().to_list()
    return tuple(months.count(month) for month in range(1, 13))
