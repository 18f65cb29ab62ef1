"""Tonight, together: films for several people."""

from functools import partial

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import Filtered, Id, Length, Share
from movieapp.api.direct import Direct
from movieapp.api.replies import INVALID, NOT_READY, reply, shows
from movieapp.api.services import services
from movieapp.api.shown import ResultShown
from movieapp.api.wire import together_body
from movieapp.serving.company import Scale
from movieapp.serving.lists import USUAL_LENGTH
from movieapp.serving.together import FAIRNESS, MOST_PEOPLE, Evening

router = APIRouter(tags=["films to watch"], route_class=Direct)


class TogetherAsked(Filtered):
    """Films for several people."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_ids": [17, 23], "fairness": 0.5}]})

    user_ids: list[Id] = Field(min_length=1, max_length=MOST_PEOPLE, examples=[[17, 23]])
    fairness: Share = Field(FAIRNESS, description="0: the best on average; 1: nobody suffers.")
    k: Length = USUAL_LENGTH
    with_seen: bool = Field(
        False,
        strict=True,
        description="Let films in that some, but not all, have rated with 3 stars or more.",
    )
    vetoes: list[Id] = Field([], max_length=500, description="Movie ids that somebody does not want tonight.")

    def evening(self) -> Evening:
        """Return what is asked for, as the recommender takes it."""
        return Evening(
            user_ids=tuple(self.user_ids),
            fairness=self.fairness,
            k=self.k,
            filters=self.filters(),
            with_seen=self.with_seen,
            vetoed=tuple(self.vetoes),
        )


class SuitsShown(BaseModel):
    """How a film suits one person."""

    user_id: int
    predicted_rating: float | None = Field(description="The stars that this person is expected to give.")
    give_or_take: float | None = Field(description="The standard deviation of that expectation.")
    rating: float | None = Field(description="The stars that this person gave.")
    percentile: float | None = Field(
        description="Without a model of stars: the share of films that suit this person no better."
    )


class TogetherResultShown(ResultShown):
    """A film, and how it suits each person. The score is the fair mean of what each thinks of it."""

    people: list[SuitsShown]


class TogetherShown(BaseModel):
    """Films for several people, best first. `strangers` have rated nothing that the model knows."""

    request_id: str
    user_ids: list[int] = Field(description="The people whose taste counts.")
    strangers: list[int]
    scale: Scale = Field(description="What scores are: stars, or percentiles where stars are not predicted.")
    model_version: str | None
    is_fallback: bool
    notice: str | None
    results: list[TogetherResultShown]
    latency_ms: float


@router.post(
    "/together", summary="Films for several people", responses=shows(TogetherShown) | INVALID | NOT_READY
)
async def together(request: Request, asked: TogetherAsked) -> Response:
    """What suits all of them, by the stars that each is expected to give.

    `fairness` leads from the average to the minimum through power means. What anybody has hidden, disliked,
    watched or rated is left out.
    """
    app = services(request)
    found = await app.in_turn(partial(app.evenings.films, asked.evening()))
    return reply(request, together_body(found))
