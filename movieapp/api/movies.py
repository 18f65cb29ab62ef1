"""Films one by one, and finding them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import SearchAsked
from movieapp.api.replies import INVALID, NOT_FOUND, NOT_READY, reply, shows
from movieapp.api.services import services
from movieapp.api.shown import DetailsShown, FilmsShown
from movieapp.api.wire import details_body, film_body
from movieapp.serving.histories import LARGEST_ID

router = APIRouter(tags=["films"])

MovieId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


@router.get(
    "/movie/{movie_id}",
    summary="Everything about one film",
    responses=shows(DetailsShown) | NOT_FOUND | INVALID | NOT_READY,
)
def movie(request: Request, movie_id: MovieId) -> Response:
    """Title, year and genres, how it was rated, and what TMDB says of it where that is known."""
    return reply(request, details_body(services(request).recommender.details(movie_id)))


@router.get(
    "/movies/search", summary="Find films by what is typed", responses=shows(FilmsShown) | INVALID | NOT_READY
)
def search(request: Request, asked: Annotated[SearchAsked, Query()]) -> Response:
    """Whole titles come first, then beginnings of titles, then of their words, then directors and actors.

    Typing mistakes are looked for where nothing is spelled as it was typed; among equals, the most rated come
    first.
    """
    films = services(request).recommender.catalogue.search(asked.q, limit=asked.limit)
    return reply(request, {"results": [film_body(film) for film in films]})
