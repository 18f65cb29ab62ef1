"""What people tell about films, and the row of the feedback table that keeps it."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from movieapp.errors import Invalid


class EventType(StrEnum):
    """What people tell about a film."""

    CLICK = "click"
    LIKE = "like"
    DISLIKE = "dislike"
    WATCHED = "watched"
    WATCHLIST = "watchlist"
    HIDE = "hide"
    RATING = "rating"


def event_row(
    user_id: int,
    movie_id: int,
    event_type: str,
    *,
    value: float | None,
    request_id: str | None,
    now: datetime,
) -> dict[str, Any]:
    """Return a feedback row with a new id, as the database takes it."""
    try:
        list_id = None if request_id is None else str(uuid.UUID(request_id))
    except ValueError as error:
        raise Invalid("request_id has to be the id that came with a list, or left out.") from error
    return {
        "event_id": str(uuid.uuid4()),
        "now": now.astimezone(UTC).replace(tzinfo=None),
        "user_id": user_id,
        "movie_id": movie_id,
        "event_type": str(event_type),
        "value": value,
        "request_id": list_id,
    }
