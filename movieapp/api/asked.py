"""What requests may contain. /docs is made from this and from `shown.py`."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic import model_validator as whole

from movieapp.models.rerank import ListAims
from movieapp.serving.feedback import LONGEST_NOTE, EventType
from movieapp.serving.histories import LARGEST_ID
from movieapp.serving.lists import USUAL_LENGTH, Filters, Window
from movieapp.serving.presets import MINUTES, YEARS

UNKNOWN_RUNTIME = "A film whose runtime is not known fails."


def _encodable(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ValueError("has to be text without lone surrogates") from None
    return text


def _digits(value: Any) -> Any:
    is_number = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10
    return int(value) if is_number else value


Id = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]
IdOrDigits = Annotated[
    Id,
    BeforeValidator(_digits),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
                {"type": "string", "pattern": "^[0-9]{1,10}$"},
            ]
        }
    ),
]
Length = Annotated[int, Field(strict=True, ge=1, le=500, description="How many films, at most.")]
Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
Leaning = Annotated[float, Field(strict=True, ge=-1, le=1, allow_inf_nan=False)]
Year = Annotated[int, Field(strict=True, ge=YEARS[0], le=YEARS[1], examples=[1995])]
Minutes = Annotated[int, Field(strict=True, ge=MINUTES[0], le=MINUTES[1], examples=[120])]
Text = Annotated[str, AfterValidator(_encodable)]
Genre = Annotated[Text, Field(min_length=1, max_length=50)]
Title = Annotated[Text, Field(min_length=1, max_length=300, examples=["Heat (1995)"])]
Stars = Annotated[
    float, Field(strict=True, ge=0.5, le=5, multiple_of=0.5, allow_inf_nan=False, examples=[4.5])
]


class Asked(BaseModel):
    """Base of all requests: a field that is not known is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Filtered(Asked):
    """Filters that several requests share."""

    genres: list[Genre] = Field([], max_length=30, description="Films with at least one of these.")
    exclude_genres: list[Genre] = Field([], max_length=30, description="Films with none of these.")
    year_from: Year | None = None
    year_to: Year | None = None
    runtime_min: Minutes | None = Field(None, description=f"Minutes. {UNKNOWN_RUNTIME}")
    runtime_max: Minutes | None = Field(None, description=f"Minutes. {UNKNOWN_RUNTIME}")

    @whole(mode="after")
    def _ends_in_order(self) -> Self:
        _check_order("year_from", self.year_from, "year_to", self.year_to, "later")
        _check_order("runtime_min", self.runtime_min, "runtime_max", self.runtime_max, "longer")
        return self

    def filters(self) -> Filters:
        """Return the filters as the recommender takes them."""
        return Filters(
            tuple(self.genres),
            tuple(self.exclude_genres),
            self.year_from,
            self.year_to,
            self.runtime_min,
            self.runtime_max,
        )


class Aimed(Filtered):
    """What a list is to be: the films that may be in it, and the aims beside accuracy."""

    exclude_seen: bool = Field(True, strict=True, description="Leave out what the person has rated.")
    diversity: Share | None = Field(None, description="0: by fit alone; 1: as different as can be.")
    popularity: Leaning | None = Field(None, description="-1: niche; 0: by fit alone; 1: mainstream.")
    adventure: Leaning | None = Field(
        None, description="-1: safe, like what the person likes; 0: by fit alone; 1: unlike it."
    )
    age: Leaning | None = Field(None, description="-1: old; 0: by fit alone; 1: new.")
    discover: bool | None = Field(
        None, strict=True, description="Order places 21 and on for less known films; the first 20 stay."
    )

    def aims(self, usual: ListAims) -> ListAims:
        """Return what was asked for, and the usual where nothing was."""
        return ListAims(
            diversity=usual.diversity if self.diversity is None else self.diversity,
            popularity=usual.popularity if self.popularity is None else self.popularity,
            adventure=usual.adventure if self.adventure is None else self.adventure,
            age=usual.age if self.age is None else self.age,
            discover=usual.discover if self.discover is None else self.discover,
        )


class RecommendAsked(Aimed):
    """Films for one person."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_id": 17, "k": 10}]})

    user_id: Id = Field(examples=[17])
    k: Length = USUAL_LENGTH


class PresetRenamed(Asked):
    """Another name for a list setting."""

    name: Annotated[Text, Field(min_length=1, max_length=40, examples=["Rainy days"])]


class HomeAsked(Asked):
    """Somebody's first page, in the query string."""

    user_id: Annotated[int, Field(ge=1, le=LARGEST_ID, examples=[17])]
    k: Annotated[int, Field(ge=4, le=50, description="How many films a row has, at most.")] = 12


class ExplainAsked(Asked):
    """One film for one person."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_id": 17, "movie_id": 1}]})

    user_id: Id = Field(examples=[17])
    movie_id: Id = Field(examples=[1])


class SimilarAsked(Filtered):
    """Films like one film, or like several together: give one of the two."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"movie_id": 1, "k": 10}]})

    movie_id: Id | None = Field(None, examples=[1])
    movie_ids: list[Id] | None = Field(None, min_length=1, max_length=50)
    k: Length = USUAL_LENGTH
    user_id: Id | None = Field(None, description="Leave out what this person has seen or put aside.")

    @whole(mode="after")
    def _one_of_two(self) -> Self:
        if (self.movie_id is None) == (self.movie_ids is None):
            raise ValueError("Give either movie_id or movie_ids")
        return self

    def seeds(self) -> list[int]:
        """Return the films to start from."""
        return [self.movie_id] if self.movie_id is not None else self.movie_ids or []


class PopularAsked(Asked):
    """Popular films, in the query string."""

    k: Annotated[int, Field(ge=1, le=500, description="How many films, at most.")] = USUAL_LENGTH
    genre: list[Genre] = Field([], max_length=30, description="May be repeated: films with any of them.")
    genres: list[Genre] = Field([], max_length=30, description="Another name of genre.")
    exclude_genres: list[Genre] = Field(
        [], max_length=30, description="May be repeated: films with none of these."
    )
    window: Window = Field(Window.ALL, description="How far back from the newest rating.")
    year_from: Annotated[int, Field(ge=1000, le=9999)] | None = None
    year_to: Annotated[int, Field(ge=1000, le=9999)] | None = None
    runtime_min: Annotated[int, Field(ge=1, le=1000)] | None = Field(None, description=UNKNOWN_RUNTIME)
    runtime_max: Annotated[int, Field(ge=1, le=1000)] | None = Field(None, description=UNKNOWN_RUNTIME)
    user_id: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = Field(
        None, description="Leave out what this person has seen or put aside."
    )

    @whole(mode="after")
    def _ends_in_order(self) -> Self:
        _check_order("year_from", self.year_from, "year_to", self.year_to, "later")
        _check_order("runtime_min", self.runtime_min, "runtime_max", self.runtime_max, "longer")
        return self

    def filters(self) -> Filters:
        """Return the filters as the recommender takes them."""
        return Filters(
            (*self.genre, *self.genres),
            tuple(self.exclude_genres),
            self.year_from,
            self.year_to,
            self.runtime_min,
            self.runtime_max,
        )


class RankAsked(Asked):
    """A set of films to rank for one person: by id or by title; without one, all films."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"user_id": 17, "candidate_movies": ["Toy Story (1995)", "Heat (1995)"]}]
        }
    )

    user_id: Id = Field(examples=[17])
    k: Length | None = None
    candidate_movie_ids: list[Id] | None = Field(None, min_length=1, max_length=1000)
    candidate_movies: list[Title] | None = Field(
        None, min_length=1, max_length=1000, description='Titles as in MovieLens, or as "The Matrix".'
    )

    @whole(mode="after")
    def _at_most_one(self) -> Self:
        if self.candidate_movie_ids is not None and self.candidate_movies is not None:
            raise ValueError("Give candidate_movie_ids or candidate_movies, not both")
        return self


class RankedRecommendationAsked(Asked):
    """A set of titles to rank for one person."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"user_id": "17", "candidate_movies": ["Toy Story (1995)", "Heat (1995)"]}]
        }
    )

    user_id: IdOrDigits = Field(examples=["17"])
    candidate_movies: list[Title] = Field(min_length=1, max_length=1000)
    k: Length | None = None


class SearchAsked(Asked):
    """A search, in the query string."""

    q: Annotated[Text, Field(min_length=1, max_length=200, description="Words, or beginnings of words.")]
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class RatingAsked(Asked):
    """A rating."""

    rating: Stars


class FeedbackAsked(Asked):
    """What somebody did with a film, or thinks of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"user_id": 17, "movie_id": 1, "event_type": "like"}]}
    )

    user_id: Id
    movie_id: Id
    event_type: EventType
    value: float | None = Field(
        None, strict=True, ge=-1e9, le=1e9, allow_inf_nan=False, description="The stars, for a rating."
    )
    watched_on: date | None = Field(None, description="The day of a viewing, where it is known.")
    is_rewatch: bool | None = Field(None, strict=True, description="Whether a viewing was not the first.")
    note: Annotated[Text, Field(max_length=LONGEST_NOTE)] | None = Field(None, description="A note's text.")
    request_id: Annotated[Text, Field(max_length=50)] | None = Field(
        None, description="The `request_id` of the list that the film came from."
    )


def _check_order(first: str, low: int | None, last: str, high: int | None, more: str) -> None:
    if low is not None and high is not None and low > high:
        raise ValueError(f"{first} ({low}) has to be no {more} than {last} ({high})")
