"""Somebody's first page, and what the aims of a list cost."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import HomeAsked
from movieapp.api.home_shown import AimsShown, HomeShown
from movieapp.api.replies import INVALID, NOT_READY, reply, shows
from movieapp.api.services import services
from movieapp.api.wire import aims_body, home_body
from movieapp.lifecycle.prices import measured_prices

router = APIRouter(tags=["films to watch"])


@router.get("/home", summary="One person's first page", responses=shows(HomeShown) | INVALID | NOT_READY)
async def home(request: Request, asked: Annotated[HomeAsked, Query()]) -> Response:
    """Rows of films, each for a reason: for the person, because they liked a film, popular, hidden gems, from
    their watchlist, and of a genre that they rarely watch. No film stands in two rows.
    """
    app = services(request)
    found = await app.in_turn(partial(app.recommender.home, asked.user_id, k=asked.k))
    return reply(request, home_body(found))


@router.get("/aims", summary="What the aims of a list cost", responses=shows(AimsShown))
def aims(request: Request) -> Response:
    """As measured by `launcher.py compare --aims`: on this instance's release where that was done, else on
    ML-100K. Changes are parts of the same figure of lists by accuracy alone: -0.04 is 4 % fewer.
    """
    return reply(request, aims_body(measured_prices(services(request).database.path)))
