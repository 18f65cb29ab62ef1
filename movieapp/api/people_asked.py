"""What requests about people may contain."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, field_validator
from pydantic import model_validator as whole

from movieapp.api.asked import Asked, Id, Text
from movieapp.serving.feedback import LONGEST_NOTE, EventType

Name = Annotated[Text, Field(min_length=1, max_length=40, examples=["Ana"])]
Color = Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$", examples=["#1d4ed8"])]
OPINIONS = (EventType.LIKE, EventType.DISLIKE, EventType.HIDE)
NoteText = Annotated[Text, Field(min_length=1, max_length=LONGEST_NOTE)]


class UsersAsked(Asked):
    """How many people, in the query string."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 20


class RatingsAsked(Asked):
    """How many ratings, in the query string."""

    limit: Annotated[int, Field(ge=1, le=100_000)] = 1000


class ProfileAsked(Asked):
    """A new person."""

    name: Name
    color: Color | None = Field(None, description="One that few have, if left out.")


class ProfileChanged(Asked):
    """Another name, another color or both."""

    name: Name | None = None
    color: Color | None = None

    @whole(mode="after")
    def _one_of_two(self) -> Self:
        if self.name is None and self.color is None:
            raise ValueError("Give name, color or both")
        return self


class OpinionAsked(Asked):
    """What somebody thinks of a film."""

    opinion: EventType = Field(json_schema_extra={"enum": list(OPINIONS)}, examples=["like"])

    @field_validator("opinion", mode="before")
    @classmethod
    def _is_one(cls, opinion: object) -> object:
        if opinion not in OPINIONS:
            raise ValueError("has to be 'like', 'dislike' or 'hide'")
        return opinion


class WatchAsked(Asked):
    """A viewing. The same day again is the same viewing."""

    watched_on: date | None = Field(None, description="Null if the day is not known.")
    is_rewatch: bool | None = Field(None, strict=True, description="Whether it was not the first, if known.")


class UnwatchAsked(Asked):
    """Which viewing, in the query string."""

    watched_on: date | None = Field(None, description="All viewings of the film, if left out.")


class NoteAsked(Asked):
    """What somebody writes about a film."""

    note: NoteText


class ImportAsked(Asked):
    """A file's name, in the query string: it may tell what is in it."""

    name: Annotated[Text, Field(min_length=1, max_length=200, examples=["ratings.csv"])]


class TakeInAsked(Asked):
    """Whose an import becomes, and how."""

    user_id: Id
    choices: dict[int, Id | None] = Field(
        {},
        max_length=100_000,
        description="The film of each doubtful one, by its `position`; null for none. The others stay out.",
    )
    overwrite: bool = Field(
        False, strict=True, description="Replace ratings, notes and opinions that differ."
    )
