"""The first visit: films to ask somebody new about, and their answers."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import Asked, Id
from movieapp.api.replies import INVALID, NOT_FOUND, NOT_READY, reply, shows
from movieapp.api.services import services
from movieapp.api.shown import FilmShown
from movieapp.api.wire import film_body
from movieapp.serving.first_answers import ON_WALL, Opinion
from movieapp.serving.histories import LARGEST_ID

router = APIRouter(prefix="/welcome", tags=["people"])

MovieIds = Annotated[list[Annotated[int, Field(ge=1, le=LARGEST_ID)]], Field(max_length=500)]


class WallAsked(Asked):
    """Films to ask about, in the query string."""

    user_id: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = Field(
        None, description="Whose ratings are the answers so far; nobody's for a first visit."
    )
    not_known: MovieIds = Field([], description="May be repeated: films that the person does not know.")
    shown: MovieIds = Field([], description="May be repeated: films that are asked about already.")
    k: Annotated[int, Field(ge=1, le=100, description="How many films, at most.")] = ON_WALL


class AnswerAsked(Asked):
    """What somebody thinks of a film that they know."""

    user_id: Id | None = Field(None, description="Leave it out with the first answer: it makes a new user.")
    movie_id: Id = Field(examples=[1])
    opinion: Opinion = Field(description="loved: 5 stars; liked: 4; not_for_me: 2.")


class WallShown(BaseModel):
    """Films to ask about, the most telling first."""

    request_id: str
    results: list[FilmShown]


class AnswerShown(BaseModel):
    """The answer is stored as a rating."""

    request_id: str
    user_id: int
    movie_id: int
    rating: float
    event_id: str = Field(description="What undoing the answer asks for.")
    n_ratings: int = Field(description="How many ratings the person has now.")


@router.get(
    "/films", summary="Films to ask somebody new about", responses=shows(WallShown) | INVALID | NOT_READY
)
def films(request: Request, asked: Annotated[WallAsked, Query()]) -> Response:
    """Those that tell most about a person in the fewest answers: known to many, spread over tastes, and other
    ones after each answer. What the person has rated is not among them.
    """
    chosen = services(request).first_answers.films(
        asked.user_id, not_known=asked.not_known, shown=asked.shown, k=asked.k
    )
    return reply(request, {"results": [film_body(film) for film in chosen]})


@router.post(
    "/answers",
    summary="Answer for a film that one knows",
    responses=shows(AnswerShown) | NOT_FOUND | INVALID | NOT_READY,
)
def answer(request: Request, asked: AnswerAsked) -> Response:
    """Kept as a rating before it is answered. Without a user id it makes a new user, whose id comes back;
    send it with the next answers. `DELETE /users/{user_id}/ratings/{movie_id}` takes an answer back.
    """
    app = services(request)
    user_id, event_id = app.first_answers.answer(
        asked.user_id, asked.movie_id, asked.opinion, now=app.clock()
    )
    history = app.profiles.history(user_id)
    body = {
        "user_id": user_id,
        "movie_id": asked.movie_id,
        "rating": asked.opinion.stars,
        "event_id": event_id,
        "n_ratings": 0 if history is None else len(history),
    }
    return reply(request, body)
