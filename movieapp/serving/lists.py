"""What can be asked of the recommender and what it answers."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from movieapp.preparation.interactions import LIKE

# How long a list is where nothing is said, which is asked for most.
USUAL_LENGTH = 10


class Window(StrEnum):
    """How far back `popular` looks, from the newest rating of the release."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which films may be in a list; applied before the best k are taken.

    A film passes with at least one of `genres` (none given: any film) and none of `exclude_genres`.
    Genre names match without regard to case. Years and runtimes (minutes) are inclusive; a film without a
    known year fails a year filter, and one without a known runtime fails a runtime filter.
    """

    genres: tuple[str, ...] = ()
    exclude_genres: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    runtime_min: int | None = None
    runtime_max: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every film passes."""
        return self == Filters()


class ReasonKind(StrEnum):
    """What a reason rests on."""

    BECAUSE_YOU_LIKED = "because_you_liked"
    SIMILAR_TO = "similar_to"
    GENRE_MATCH = "genre_match"
    PEOPLE_LIKE_YOU = "people_like_you"
    TRENDING = "trending"
    YOUR_YEARS = "your_years"
    YOUR_PEERS = "your_peers"
    HIGH_POPULARITY = "high_popularity"


class Reason(NamedTuple):
    """One true statement about why a film stands where it does.

    `value` is a title or a genre; `share` is the part of the score that it carries, where that is exact.
    """

    kind: ReasonKind
    value: str = ""
    movie_id: int | None = None
    share: float | None = None

    @property
    def code(self) -> str:
        """The form on the wire: `genre_match:thriller`, `high_popularity`."""
        value = self.value.lower() if self.kind is ReasonKind.GENRE_MATCH else self.value
        return f"{self.kind}:{value}" if value else str(self.kind)

    @property
    def sentence(self) -> str:
        """The form that people read."""
        match self.kind:
            case ReasonKind.BECAUSE_YOU_LIKED:
                return f"Because you liked {self.value}"
            case ReasonKind.SIMILAR_TO:
                return f"Similar to {self.value}"
            case ReasonKind.GENRE_MATCH:
                return f"You like {self.value}"
            case ReasonKind.PEOPLE_LIKE_YOU:
                return "People with your taste like it"
            case ReasonKind.TRENDING:
                return "Liked a lot of late"
            case ReasonKind.YOUR_YEARS:
                return "From years you like"
            case ReasonKind.YOUR_PEERS:
                return "Liked by people like you in age, gender or work"
            case ReasonKind.HIGH_POPULARITY:
                return "Liked by many"


@dataclass(frozen=True, slots=True)
class Film:
    """A film as every list and search shows it. `title` is as in MovieLens, `name` as people write it."""

    movie_id: int
    title: str
    name: str
    release_year: int | None
    genres: tuple[str, ...]
    poster_url: str | None = None


class Verdict(StrEnum):
    """What the expected stars and their spread say together, where that is unusual."""

    SAFE_BET = "safe_bet"
    GAMBLE = "gamble"


# Of all pairs of people and films of ml-latest-small, half have a spread from 0.69 to 0.89 stars. A sixth is
# at most the first of these, and an eighth at least the second: only what stands out has a word. Of the films
# on first pages of ML-1M it is a twelfth and a ninth.
SURE, UNSURE = 0.65, 1.0


class Expected(NamedTuple):
    """The stars that somebody is expected to give a film, and the standard deviation of that."""

    stars: float
    spread: float

    @property
    def verdict(self) -> Verdict | None:
        """A safe bet is a like that is all but sure; a gamble may be a like, or far from it."""
        if self.spread <= SURE and self.stars >= LIKE:
            return Verdict.SAFE_BET
        return Verdict.GAMBLE if self.spread >= UNSURE and self.stars + self.spread >= LIKE else None


class Result(NamedTuple):
    """A film in an answer. Scores are comparable within one answer only; None: the model does not know it."""

    film: Film
    score: float | None
    expected: Expected | None
    reasons: tuple[Reason, ...]

    @property
    def predicted_rating(self) -> float | None:
        """The expected stars alone."""
        return None if self.expected is None else self.expected.stars


@dataclass(frozen=True, slots=True)
class Answer:
    """A list of films, best first, and how it came about. Already in the request log's queue."""

    request_id: str
    user_id: int | None
    model_version: str | None
    is_fallback: bool
    notice: str | None
    results: tuple[Result, ...]
    latency_ms: float
    unknown_candidates: tuple[str, ...] = ()
    taken_for: tuple[tuple[str, Film], ...] = ()


@dataclass(frozen=True, slots=True)
class RatingStatistics:
    """How a film was rated. `histogram[i]` counts the ratings of (i + 1) / 2 stars, for 0.5 to 5."""

    n_ratings: int
    mean: float | None
    histogram: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FilmDetails:
    """Everything known of one film; what TMDB says is None or empty until there is metadata.

    `actors` are the first of the cast.
    """

    film: Film
    overview: str | None
    tmdb_vote_avg: float | None
    tmdb_popularity: float | None
    imdb_id: int | None
    tmdb_id: int | None
    statistics: RatingStatistics
    runtime_min: int | None = None
    released_on: date | None = None
    directors: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def is_from_tmdb(self) -> bool:
        """Whether anything here is TMDB's data or picture, which has to be said where it is shown."""
        said = (
            self.overview,
            self.tmdb_vote_avg,
            self.runtime_min,
            self.directors,
            self.actors,
            self.keywords,
        )
        return any(said) or self.film.poster_url is not None
