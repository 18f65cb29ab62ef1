"""What people tell about films, and its undoing."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import FeedbackAsked
from movieapp.api.kept import told
from movieapp.api.people_shown import ToldShown
from movieapp.api.replies import CONFLICT, INVALID, NOT_FOUND, NOT_READY, reply, shows
from movieapp.api.services import services
from movieapp.api.shown import FeedbackShown
from movieapp.serving.feedback import Event

router = APIRouter(tags=["people"])

EventId = Annotated[str, Path(max_length=50)]


@router.post(
    "/feedback",
    summary="Tell about a film",
    responses=shows(FeedbackShown) | NOT_FOUND | INVALID | NOT_READY,
)
def feedback(request: Request, asked: FeedbackAsked) -> Response:
    """Keep it, or take back what was told before; it is on disk when this answers.

    A film that is rated, hidden, disliked, watched or unlearned leaves the person's lists. A rating needs its
    stars as `value`, a note its text as `note`; a viewing may have its day as `watched_on`.
    """
    app = services(request)
    event = Event(asked.event_type, asked.value, asked.watched_on, asked.is_rewatch, asked.note)
    event_id = app.profiles.tell(
        asked.user_id, asked.movie_id, event, request_id=asked.request_id, now=app.clock()
    )
    return reply(request, {"event_id": event_id})


@router.delete(
    "/feedback/{event_id}",
    summary="Undo what was told",
    responses=shows(ToldShown) | NOT_FOUND | CONFLICT | INVALID,
)
def undo(request: Request, event_id: EventId) -> Response:
    """Put back exactly what was before, and forget the event.

    Only one of the latest events since the start (else 404), and only while nothing later was told about the
    same film (else 409).
    """
    change = services(request).profiles.undo(event_id)
    return told(request, change.user_id, change.movie_id, event_id)
