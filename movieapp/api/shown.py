"""What answers look like, for /docs and for tests: the answers themselves are made in `wire.py`."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """The one shape of all errors."""

    error: str = Field(description="The kind of error.", examples=["not_found"])
    detail: str = Field(description="A sentence with the way out.")
    request_id: str


class FilmShown(BaseModel):
    """A film."""

    movie_id: int
    title: str
    release_year: int | None
    genres: list[str]
    poster_url: str | None


class ResultShown(FilmShown):
    """A film in a list. Scores are comparable within one list only."""

    score: float | None
    predicted_rating: float | None = Field(description="The stars that this person is expected to give.")
    give_or_take: float | None = Field(description="The standard deviation of that expectation.")
    verdict: Literal["safe_bet", "gamble"] | None = Field(
        description="safe_bet: a like that is all but sure; gamble: it may be a like, or far from it."
    )
    reasons: list[str] = Field(examples=[["because_you_liked:Heat (1995)", "genre_match:thriller"]])


class ListShown(BaseModel):
    """Films, best first. `is_fallback` says that they are not personal, `notice` why."""

    request_id: str
    user_id: int | None
    model_version: str | None
    is_fallback: bool
    notice: str | None
    results: list[ResultShown]
    latency_ms: float


class TakenShown(BaseModel):
    """A candidate that was not given as the film's name with its year, and the film that it was taken for."""

    asked: str = Field(examples=["matrix"])
    movie_id: int
    title: str = Field(examples=["Matrix, The (1999)"])


class RankedShown(ListShown):
    """The candidates, best first, and those that are no film of this release."""

    unknown_candidates: list[str]
    taken_for: list[TakenShown]


class CarryingShown(BaseModel):
    """A rating that speaks for a film."""

    film: FilmShown
    stars: float
    share: float = Field(description="The part of the taste score that this rating carries.")
    place_without: int = Field(description="The film's place if this rating were not there.")


class ExplanationShown(BaseModel):
    """Why a film stands where it does for somebody, 1 being the first of the films not rated yet."""

    request_id: str
    user_id: int
    model_version: str
    film: FilmShown
    place: int
    n_films: int
    predicted_rating: float | None
    give_or_take: float | None
    reasons: list[str]
    carrying: list[CarryingShown] = Field(description="Strongest first, at most five.")


class StatisticsShown(BaseModel):
    """How a film was rated."""

    n_ratings: int
    mean_rating: float | None
    histogram: dict[str, int] = Field(description='Number of ratings by stars, "0.5" to "5.0".')


class DetailsShown(FilmShown):
    """Everything known of one film."""

    request_id: str
    overview: str | None
    tmdb_vote_avg: float | None
    tmdb_popularity: float | None
    runtime: int | None = Field(description="Minutes.")
    released_on: date | None
    directors: list[str]
    cast: list[str] = Field(description="The first actors of the credits.")
    keywords: list[str]
    imdb_id: int | None
    tmdb_id: int | None
    statistics: StatisticsShown


class FilmsShown(BaseModel):
    """Films that a search found, the best match first."""

    request_id: str
    results: list[FilmShown]


class UserShown(BaseModel):
    """What is known of a user; a like is a rating of four stars or more."""

    request_id: str
    user_id: int
    gender: str | None
    age: int | None
    occupation: str | None
    source: str = Field(description='"release", or "app" for a user made here.')
    n_ratings: int
    n_likes: int
    mean_rating: float | None
    first_rated_at: datetime | None
    last_rated_at: datetime | None
    favourite_genres: list[str]


class UserInList(BaseModel):
    """A user, and how much they rated."""

    user_id: int
    n_ratings: int


class UsersShown(BaseModel):
    """Some users: those made here first, then the most active."""

    request_id: str
    users: list[UserInList]


class RatedShown(BaseModel):
    """One rating."""

    movie_id: int
    title: str | None
    rating: float
    rated_at: datetime


class RatingsShown(BaseModel):
    """A user's ratings, the newest first."""

    request_id: str
    user_id: int
    n_ratings: int
    ratings: list[RatedShown]


class FeedbackShown(BaseModel):
    """The event is stored."""

    request_id: str
    event_id: str


class DatasetShown(BaseModel):
    """The release in this instance."""

    release: str
    ingested_at: datetime
    n_ratings: int
    n_users: int
    n_movies: int
    n_rejected: int
    first_rated_at: datetime | None
    last_rated_at: datetime | None


class CountsShown(BaseModel):
    """What there is now, people's own ratings included."""

    users: int
    movies: int
    ratings: int


class ProgressShown(BaseModel):
    """How far the work in the background is; `share` runs from 0 to 1."""

    stage: str
    share: float


class HealthShown(BaseModel):
    """How the app is. `status` is starting, training, ok or degraded."""

    request_id: str
    status: str
    problem: str | None
    progress: ProgressShown | None
    live_version: str | None
    algorithm: str | None
    trained_at: datetime | None
    dataset: DatasetShown | None
    counts: CountsShown
    queue_depth: int
    n_logged: int
    n_dropped: int
    started_at: datetime
    uptime_s: float
