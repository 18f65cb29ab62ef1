"""What the routes of taste, years and time machine answer with: for /docs, and made from what was found."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field

from movieapp.api.shown import FilmShown
from movieapp.api.wire import film_body
from movieapp.lifecycle.time_machine import Itinerary, Listed, Visit
from movieapp.serving.lists import Film
from movieapp.serving.own_ratings import OwnRating
from movieapp.serving.taste import Compared, Predictability, Taste
from movieapp.serving.year_review import YearReview

BY_STARS = 'Number of ratings by stars, "0.5" to "5.0".'
BY_MONTH = "January to December."


class OwnRatingShown(FilmShown):
    """A film that the person rated."""

    rating: float
    rated_at: datetime
    expected_rating: float | None = Field(
        description="What the model expects of this person without this rating of theirs."
    )
    n_others: int
    n_likes_of_others: int
    mean_of_others: float | None


class ComparedShown(BaseModel):
    """A genre or decade, in the person's ratings and in those of all others. A film counts in each genre."""

    name: str
    n_ratings: int
    share: float | None
    share_of_others: float | None
    mean: float | None
    mean_of_others: float | None


class PredictabilityShown(BaseModel):
    """How far expected stars are from given ones. No rating takes part in what is expected of it: each was
    predicted from the person's other ratings, up to twenty at a time left out."""

    n_ratings: int
    error: float = Field(description="Mean distance in stars.")
    error_of_mean: float = Field(description="The same for the mean of what the others gave.")
    close_share: float = Field(description="The part of the ratings that are within half a star.")
    better_than_expected: list[OwnRatingShown]
    worse_than_expected: list[OwnRatingShown]


class TasteShown(BaseModel):
    """One person's taste beside everybody else's."""

    request_id: str
    user_id: int
    n_ratings: int
    mean: float | None
    mean_of_others: float | None
    difference: float | None = Field(
        description="How many stars more than the others who rated the same film, on average."
    )
    n_compared: int
    stars: dict[str, int] = Field(description=BY_STARS)
    stars_of_others: dict[str, int] = Field(description=BY_STARS)
    genres: list[ComparedShown] = Field(description="Most rated first.")
    decades: list[ComparedShown] = Field(description="Oldest first.")
    predictability: PredictabilityShown | None
    liked_alone: list[OwnRatingShown] = Field(description="Liked, and by fewer others than usual.")
    disliked_alone: list[OwnRatingShown] = Field(description="Disliked, and liked by more than usual.")


class GenreLikedShown(BaseModel):
    """A genre in one year."""

    name: str
    n_ratings: int
    n_likes: int
    mean: float


class YearShown(BaseModel):
    """One person's year, in UTC."""

    request_id: str
    user_id: int
    year: int
    years: list[int] = Field(description="All years with anything in them.")
    n_rated: int
    n_liked: int
    n_watched: int
    mean: float | None
    rated_by_month: list[int] = Field(description=BY_MONTH)
    watched_by_month: list[int] = Field(description=BY_MONTH)
    best: list[OwnRatingShown]
    genres: list[GenreLikedShown] = Field(description="Most likes first.")
    first: OwnRatingShown | None
    last: OwnRatingShown | None
    surprise: OwnRatingShown | None = Field(description="The one furthest above what was expected.")


class ListedShown(FilmShown):
    """A film of a list of then."""

    rating: float | None = Field(description="What the person gave it from then on.")
    is_hit: bool = Field(description="Whether that was four stars or more.")


class VisitShown(BaseModel):
    """A moment, and what would have been shown by what was known then alone."""

    at: datetime
    n_before: int = Field(description="Ratings of the person before it.")
    n_ratings: int = Field(description="Ratings of everybody before it.")
    n_people: int
    n_films: int = Field(description="Films that the model knew and the person had not rated.")
    is_personal: bool
    shown: list[ListedShown]
    popular: list[ListedShown]
    n_hits: int
    n_popular_hits: int
    n_loved: int = Field(description="Films liked from then on.")
    n_findable: int = Field(description="Of those, the ones that the model knew.")
    place: float | None = Field(description="The middle place of the findable ones in the list of then.")
    popular_place: float | None = Field(description="The same for the popular list.")


class JourneyShown(BaseModel):
    """Moments of a person's history, oldest first."""

    request_id: str
    user_id: int
    cut: str = Field(description='"months", or "ratings" where most came in a short time.')
    visits: list[VisitShown]
    n_left: int = Field(
        description="Moments for which the time was too short. Ask again: what was worked out is kept."
    )


def taste_body(taste: Taste) -> dict[str, Any]:
    """Return somebody's taste as it goes over the wire."""
    return {
        "user_id": taste.user_id,
        "n_ratings": taste.n_ratings,
        "mean": taste.mean,
        "mean_of_others": taste.mean_of_others,
        "difference": taste.difference,
        "n_compared": taste.n_compared,
        "stars": _by_stars(taste.stars),
        "stars_of_others": _by_stars(taste.stars_of_others),
        "genres": _compared(taste.genres),
        "decades": _compared(taste.decades),
        "predictability": None if taste.predictability is None else _predictability(taste.predictability),
        "liked_alone": [_own(one) for one in taste.liked_alone],
        "disliked_alone": [_own(one) for one in taste.disliked_alone],
    }


def year_body(review: YearReview) -> dict[str, Any]:
    """Return a year as it goes over the wire."""
    return {
        "user_id": review.user_id,
        "year": review.year,
        "years": review.years,
        "n_rated": review.n_rated,
        "n_liked": review.n_liked,
        "n_watched": review.n_watched,
        "mean": review.mean,
        "rated_by_month": review.rated_by_month,
        "watched_by_month": review.watched_by_month,
        "best": [_own(one) for one in review.best],
        "genres": [asdict(genre) for genre in review.genres],
        "first": _own_or_none(review.first),
        "last": _own_or_none(review.last),
        "surprise": _own_or_none(review.surprise),
    }


def journey_body(
    user_id: int, itinerary: Itinerary, visits: Sequence[Visit], film: Callable[[int], Film | None]
) -> dict[str, Any]:
    """Return a journey as it goes over the wire; `film` finds films by id."""
    return {
        "user_id": user_id,
        "cut": str(itinerary.cut),
        "visits": [_visit(visit, film) for visit in visits],
        "n_left": len(itinerary.stops) - len(visits),
    }


def _visit(visit: Visit, film: Callable[[int], Film | None]) -> dict[str, Any]:
    return {
        "at": visit.stop.at.replace(tzinfo=UTC),
        "n_before": visit.stop.n_before,
        "n_ratings": visit.n_ratings,
        "n_people": visit.n_people,
        "n_films": visit.n_films,
        "is_personal": visit.is_personal,
        "shown": _listed(visit.shown, film),
        "popular": _listed(visit.popular, film),
        "n_hits": visit.n_hits,
        "n_popular_hits": visit.n_popular_hits,
        "n_loved": visit.n_loved,
        "n_findable": visit.n_findable,
        "place": visit.place,
        "popular_place": visit.popular_place,
    }


def _listed(listed: Sequence[Listed], film: Callable[[int], Film | None]) -> list[dict[str, Any]]:
    return [
        film_body(found) | {"rating": one.stars, "is_hit": one.is_hit}
        for one in listed
        if (found := film(one.movie_id)) is not None
    ]


def _own(one: OwnRating) -> dict[str, Any]:
    return film_body(one.film) | {
        "rating": one.stars,
        "rated_at": one.rated_at,
        "expected_rating": one.expected,
        "n_others": one.n_others,
        "n_likes_of_others": one.n_likes,
        "mean_of_others": one.mean_of_others,
    }


def _own_or_none(one: OwnRating | None) -> dict[str, Any] | None:
    return None if one is None else _own(one)


def _compared(parts: Sequence[Compared]) -> list[dict[str, Any]]:
    return [asdict(part) for part in parts]


def _by_stars(counts: Sequence[int]) -> dict[str, int]:
    return {str((i + 1) / 2): n for i, n in enumerate(counts)}


def _predictability(found: Predictability) -> dict[str, Any]:
    return {
        "n_ratings": len(found.ratings),
        "error": found.error,
        "error_of_mean": found.error_of_mean,
        "close_share": found.close_share,
        "better_than_expected": [_own(one) for one in found.better],
        "worse_than_expected": [_own(one) for one in found.worse],
    }
