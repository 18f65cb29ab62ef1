"""Taste in figures: one person beside everybody else, by genre, decade and stars, and how predictable."""

from dataclasses import dataclass, replace

import polars as pl

from movieapp.database import Database
from movieapp.preparation.interactions import LIKE
from movieapp.serving.own_ratings import OwnRating, OwnRatings, own_ratings
from movieapp.serving.profiles import Profiles
from movieapp.serving.recommender import Recommender

DISLIKE = 2.5
# Films that fewer others rated say nothing about a taste apart from theirs.
MIN_OTHERS = 5
# How liked a film is gets drawn to how liked films are on the whole, as if by so many ratings.
USUAL = 10
MOST_CONTRARY = 6
MOST_SURPRISES = 5
# What is within so many stars counts as guessed.
CLOSE = 0.5


@dataclass(frozen=True, slots=True)
class Compared:
    """A genre or a decade, in one person's ratings and in those of all others.

    Shares are of all ratings of the person, or of the others; None where there are none.
    """

    name: str
    n_ratings: int
    share: float | None
    share_of_others: float | None
    mean: float | None
    mean_of_others: float | None


@dataclass(frozen=True, slots=True)
class Predictability:
    """How far expected stars are from given ones, over the ratings that the model can predict.

    `error` is the mean distance in stars, `error_of_mean` that of the mean of the others' ratings;
    `close_share` of the ratings are within half a star. `ratings` are all of them, by movie id.
    """

    error: float
    error_of_mean: float
    close_share: float
    ratings: tuple[OwnRating, ...]
    better: tuple[OwnRating, ...]
    worse: tuple[OwnRating, ...]


@dataclass(frozen=True, slots=True)
class Taste:
    """One person's taste. `stars[i]` and `stars_of_others[i]` count ratings of (i + 1) / 2 stars.

    `difference` is how many stars more the person gives than the others who rated the same film, on average
    over the `n_compared` films that others rated too. Genres come most rated first; a film counts in each of
    its genres. Decades come oldest first, at the end the films without a year.
    """

    user_id: int
    n_ratings: int
    mean: float | None
    mean_of_others: float | None
    difference: float | None
    n_compared: int
    stars: tuple[int, ...]
    stars_of_others: tuple[int, ...]
    genres: tuple[Compared, ...]
    decades: tuple[Compared, ...]
    predictability: Predictability | None
    liked_alone: tuple[OwnRating, ...]
    disliked_alone: tuple[OwnRating, ...]


def taste(database: Database, profiles: Profiles, recommender: Recommender, user_id: int) -> Taste:
    """Return somebody's taste; `NotFound` for a stranger. Call it in a thread."""
    rated = _learned(own_ratings(database, profiles, recommender, user_id))
    others = database.read("serving/taste_stars", user_id=user_id)
    films, own = rated.films, rated.own
    mine = own.group_by("stars").len().select(rating="stars", n_ratings="len")
    both = own.filter(pl.col("n_others") > 0)
    liked_alone, disliked_alone = _contrary(rated)
    return Taste(
        user_id=user_id,
        n_ratings=len(own),
        mean=_mean(own["stars"]),
        mean_of_others=_weighted_mean(films),
        difference=_mean(both["stars"] - both["mean_of_others"]),
        n_compared=len(both),
        stars=_by_stars(mine),
        stars_of_others=_by_stars(others),
        genres=_genres(films),
        decades=_decades(films),
        predictability=_predictability(rated),
        liked_alone=rated.shown(liked_alone),
        disliked_alone=rated.shown(disliked_alone),
    )


def by_genre(films: pl.DataFrame) -> pl.DataFrame:
    """Return a row per film and genre of it, the genre as `name`."""
    return films.explode("genres").rename({"genres": "name"}).filter(pl.col("name").is_not_null())


def _learned(rated: OwnRatings) -> OwnRatings:
    """Leave out what nothing is to be learned from: it is no part of the taste."""
    stars = pl.when("is_unlearned").then(None).otherwise("stars").alias("stars")
    return replace(
        rated, films=rated.films.with_columns(stars), own=rated.own.filter(~pl.col("is_unlearned"))
    )


def _genres(films: pl.DataFrame) -> tuple[Compared, ...]:
    found = _compared(by_genre(films), films)
    return tuple(sorted(found, key=lambda one: (-one.n_ratings, one.name)))


def _decades(films: pl.DataFrame) -> tuple[Compared, ...]:
    decade = (pl.col("release_year") // 10 * 10).cast(pl.String) + "s"
    found = _compared(films.with_columns(name=decade.fill_null("unknown")), films)
    return tuple(sorted(found, key=lambda one: (not one.name[0].isdigit(), one.name)))


def _compared(parts: pl.DataFrame, films: pl.DataFrame) -> list[Compared]:
    """Compare by `name` what is in `parts`; shares are of the ratings of all films."""
    n_own = films["stars"].count()
    n_others = int(films["n_others"].sum())
    groups = parts.group_by("name").agg(
        n_ratings=pl.col("stars").count(),
        mean=pl.col("stars").cast(pl.Float64).mean(),
        n_others=pl.col("n_others").sum(),
        total=(pl.col("mean_of_others") * pl.col("n_others")).sum(),
    )
    return [
        Compared(
            name=row["name"],
            n_ratings=row["n_ratings"],
            share=row["n_ratings"] / n_own if n_own else None,
            share_of_others=row["n_others"] / n_others if n_others else None,
            mean=row["mean"],
            mean_of_others=row["total"] / row["n_others"] if row["n_others"] else None,
        )
        for row in groups.iter_rows(named=True)
    ]


def _contrary(rated: OwnRatings) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what the person likes and fewer others than usual do, and what they dislike and more others
    than usual like; the furthest apart first."""
    n_others = int(rated.films["n_others"].sum())
    usual = int(rated.films["n_likes"].sum()) / n_others if n_others else 0.0
    liked = (pl.col("n_likes") + USUAL * usual) / (pl.col("n_others") + USUAL)
    known = rated.own.filter(pl.col("n_others") >= MIN_OTHERS).with_columns(liked=liked)
    alone = known.filter((pl.col("stars") >= LIKE) & (pl.col("liked") < usual))
    against = known.filter((pl.col("stars") <= DISLIKE) & (pl.col("liked") > usual))
    return (
        alone.sort("liked", "movie_id").head(MOST_CONTRARY),
        against.sort("liked", "movie_id", descending=[True, False]).head(MOST_CONTRARY),
    )


def _predictability(rated: OwnRatings) -> Predictability | None:
    """Compare what was given with what was expected; None where nothing was."""
    known = rated.own.filter(pl.col("expected").is_not_null() & (pl.col("n_others") > 0))
    if known.is_empty():
        return None
    known = known.with_columns(above=pl.col("stars") - pl.col("expected"))
    errors = known["above"].abs()
    worst = known.filter(pl.col("above").abs() > CLOSE)
    better = worst.filter(pl.col("above") > 0).sort("above", "movie_id", descending=[True, False])
    worse = worst.filter(pl.col("above") < 0).sort("above", "movie_id")
    return Predictability(
        error=float(_mean(errors) or 0.0),
        error_of_mean=float(_mean((known["stars"] - known["mean_of_others"]).abs()) or 0.0),
        close_share=float(_mean((errors <= CLOSE).cast(pl.Float64)) or 0.0),
        ratings=rated.shown(known),
        better=rated.shown(better.head(MOST_SURPRISES)),
        worse=rated.shown(worse.head(MOST_SURPRISES)),
    )


def _by_stars(counted: pl.DataFrame) -> tuple[int, ...]:
    counts = dict(counted.select("rating", "n_ratings").iter_rows())
    return tuple(int(counts.get(half / 2, 0)) for half in range(1, 11))


def _weighted_mean(films: pl.DataFrame) -> float | None:
    n_others = int(films["n_others"].sum())
    return float((films["mean_of_others"] * films["n_others"]).sum()) / n_others if n_others else None


def _mean(values: pl.Series) -> float | None:
    found = values.cast(pl.Float64).mean()
    return found if isinstance(found, float) else None
