"""What somebody's ratings tell of them: their taste, their years, and the time machine."""

import time
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import Asked
from movieapp.api.replies import INVALID, NOT_FOUND, NOT_READY, reply, shows
from movieapp.api.services import services
from movieapp.api.taste_shown import (
    JourneyShown,
    TasteShown,
    YearShown,
    journey_body,
    taste_body,
    year_body,
)
from movieapp.api.users import UserId
from movieapp.lifecycle.time_machine import SHOWN
from movieapp.serving.taste import taste as taste_of
from movieapp.serving.year_review import year_in_review

router = APIRouter(prefix="/users", tags=["people"])

# No moment is travelled to after so long; what was worked out until then is answered, and kept.
PATIENCE_S = 20.0
REFUSALS = NOT_FOUND | INVALID | NOT_READY

Year = Annotated[int, Path(ge=1, le=9999, examples=[1997])]


class Nothing(Asked):
    """No query: a parameter would be ignored, so it is refused."""


class JourneyAsked(Asked):
    """How long the lists of then are."""

    k: int = Field(SHOWN, ge=1, le=100, description="How many films a list shows.")


@router.get("/{user_id}/taste", summary="One person's taste", responses=shows(TasteShown) | REFUSALS)
def taste(request: Request, user_id: UserId, _asked: Annotated[Nothing, Query()]) -> Response:
    """Genres, decades and stars beside everybody else's, how predictable the person is, and which films
    they see otherwise than others do."""
    app = services(request)
    found = taste_of(app.database, app.profiles, app.recommender, user_id)
    return reply(request, taste_body(found))


@router.get(
    "/{user_id}/years/{year}", summary="One person's year in review", responses=shows(YearShown) | REFUSALS
)
def year(request: Request, user_id: UserId, year: Year, _asked: Annotated[Nothing, Query()]) -> Response:
    """What was rated and watched, the best, the genres, the months and the surprise; a year may be empty."""
    app = services(request)
    found = year_in_review(app.database, app.profiles, app.recommender, user_id, year=year)
    return reply(request, year_body(found))


@router.get(
    "/{user_id}/time-machine",
    summary="What one person would have been shown in the past",
    responses=shows(JourneyShown) | REFUSALS,
)
def time_machine(request: Request, user_id: UserId, asked: Annotated[JourneyAsked, Query()]) -> Response:
    """For moments of their history, the list that a quick model makes of what was known then alone, and what
    the person came to like. The first visit of a moment takes up to some seconds; after 20 seconds the
    answer has those so far, and `n_left` tells how many are missing."""
    began = time.perf_counter()
    app = services(request)
    if app.profiles.history(user_id) is None:
        app.profiles.ratings(user_id)  # refuses a stranger
    itinerary = app.time_machine.itinerary(user_id)
    visits = []
    for stop in itinerary.stops:
        if time.perf_counter() - began > PATIENCE_S:
            break
        visits.append(app.time_machine.visit(user_id, stop, k=asked.k))
    return reply(request, journey_body(user_id, itinerary, visits, app.recommender.catalogue.film))
