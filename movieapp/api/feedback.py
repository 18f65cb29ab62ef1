"""What people tell about films."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import FeedbackAsked
from movieapp.api.replies import INVALID, NOT_FOUND, NOT_READY, reply, shows
from movieapp.api.services import services
from movieapp.api.shown import FeedbackShown

router = APIRouter(tags=["people"])


@router.post(
    "/feedback",
    summary="Tell about a film",
    responses=shows(FeedbackShown) | NOT_FOUND | INVALID | NOT_READY,
)
def feedback(request: Request, asked: FeedbackAsked) -> Response:
    """Keep a click, like, dislike, watched, watchlist, hide or rating; it is on disk when this answers.

    A film that is hidden, disliked or watched leaves the person's lists. A rating needs its stars as `value`.
    """
    app = services(request)
    event_id = app.profiles.record(
        asked.user_id,
        asked.movie_id,
        asked.event_type,
        value=asked.value,
        request_id=asked.request_id,
        now=app.clock(),
    )
    return reply(request, {"event_id": event_id})
