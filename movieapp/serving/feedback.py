"""What people tell about films, and the row of the feedback table that keeps it."""

import math
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from movieapp.database import naive
from movieapp.errors import Invalid

STARS = tuple(half / 2 for half in range(1, 11))
LONGEST_NOTE = 10_000
FIRST_DAY = date(1900, 1, 1)


class EventType(StrEnum):
    """What people tell about a film; each of the last takes one of the first back."""

    CLICK = "click"
    LIKE = "like"
    DISLIKE = "dislike"
    WATCHED = "watched"
    WATCHLIST = "watchlist"
    HIDE = "hide"
    RATING = "rating"
    NOTE = "note"
    UNLEARNED = "unlearned"
    RATING_REMOVED = "rating_removed"
    OPINION_REMOVED = "opinion_removed"
    WATCHED_REMOVED = "watched_removed"
    WATCHLIST_REMOVED = "watchlist_removed"
    NOTE_REMOVED = "note_removed"
    UNLEARNED_REMOVED = "unlearned_removed"


REMOVALS = tuple(one for one in EventType if one.endswith("_removed"))
VIEWINGS = (EventType.WATCHED, EventType.WATCHED_REMOVED)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing told about a film.

    `value` are the stars of a rating; `watched_on` is the day of a viewing, None where it is not known (or,
    of one that is taken back, for all of them); `is_rewatch` is None where nobody said; `note` is a text;
    `decided_at` is when a rating was, if that was before it was told.
    """

    event_type: EventType
    value: float | None = None
    watched_on: date | None = None
    is_rewatch: bool | None = None
    note: str | None = None
    decided_at: datetime | None = None

    def check(self, now: datetime) -> None:
        """Refuse (`Invalid`) what makes no sense, or is from after `now`."""
        kind = self.event_type
        if kind is EventType.RATING:
            if self.value is None:
                raise Invalid("A rating needs its stars as value: 0.5 to 5, in halves.")
            if self.value not in STARS:
                raise Invalid("A rating is 0.5 to 5 stars, in halves.")
        elif self.value is not None and not math.isfinite(self.value):
            raise Invalid("value has to be a finite number, or left out.")
        if kind is EventType.NOTE and not (self.note or "").strip():
            raise Invalid("A note needs its text as note. To remove one, send note_removed.")
        if len(self.note or "") > LONGEST_NOTE:
            raise Invalid(
                f"A note may have at most {LONGEST_NOTE:,} characters, not {len(self.note or ''):,}."
            )
        if "\0" in (self.note or ""):
            raise Invalid("A note may not have a NUL character in it: files could not hold it.")
        if self.note is not None and kind is not EventType.NOTE:
            raise Invalid(f"note goes with the event type note, not with {kind}.")
        if (self.watched_on, self.is_rewatch) != (None, None) and kind not in VIEWINGS:
            raise Invalid(f"watched_on and is_rewatch go with the event type watched, not with {kind}.")
        self._check_day(now)

    def _check_day(self, now: datetime) -> None:
        # It is tomorrow already in some places.
        latest = now.astimezone(UTC).date() + timedelta(days=1)
        if self.watched_on is not None and not FIRST_DAY <= self.watched_on <= latest:
            raise Invalid(f"watched_on has to be a day from {FIRST_DAY} to today, not {self.watched_on}.")


def event_row(
    user_id: int, movie_id: int, event: Event, *, request_id: str | None, now: datetime
) -> dict[str, Any]:
    """Return a feedback row with a new id, as the database takes it."""
    try:
        list_id = None if request_id is None else str(uuid.UUID(request_id))
    except ValueError as error:
        raise Invalid("request_id has to be the id that came with a list, or left out.") from error
    return {
        "event_id": str(uuid.uuid4()),
        "now": naive(now),
        "user_id": user_id,
        "movie_id": movie_id,
        "event_type": str(event.event_type),
        "value": event.value,
        "request_id": list_id,
    }
