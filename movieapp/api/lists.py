"""Lists of films. What is at hand is answered on the event loop; scores are worked out in a thread."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import (
    ExplainAsked,
    PopularAsked,
    RankAsked,
    RankedRecommendationAsked,
    RecommendAsked,
    SimilarAsked,
)
from movieapp.api.direct import Direct
from movieapp.api.replies import INVALID, NOT_FOUND, NOT_READY, reply, shows
from movieapp.api.services import services
from movieapp.api.shown import ExplanationShown, ListShown, RankedShown
from movieapp.api.wire import explanation_body, list_body, ranked_body

router = APIRouter(tags=["films to watch"], route_class=Direct)

LIST = shows(ListShown) | INVALID | NOT_READY
EXPLAINED = shows(ExplanationShown) | INVALID | NOT_READY
RANKED = shows(RankedShown) | INVALID | NOT_READY


@router.post("/recommend", summary="Films for one person", responses=LIST)
async def recommend(request: Request, asked: RecommendAsked) -> Response:
    """Ranked by what the person has rated, ratings of this moment included.

    Somebody without ratings gets popular films, with `is_fallback` and a notice. Filters are applied
    before the best k are taken.
    """
    app = services(request)
    terms: dict[str, Any] = {
        "k": asked.k,
        "exclude_seen": asked.exclude_seen,
        "filters": asked.filters(),
        "aims": asked.aims(app.recommender.aims),
    }
    ask = partial(app.recommender.recommend, asked.user_id, **terms)
    is_at_hand = app.recommender.is_at_hand(asked.user_id, **terms)
    answer = ask() if is_at_hand else await app.in_turn(ask)
    return reply(request, list_body(answer))


@router.post("/similar", summary="Films like these", responses=LIST | NOT_FOUND)
async def similar(request: Request, asked: SimilarAsked) -> Response:
    """ "Because you watched ...": give `movie_id`, or several `movie_ids` to have something of each.

    A movie that the model does not know is answered with 404, and noted.
    """
    answer = services(request).recommender.similar(
        asked.seeds(), k=asked.k, filters=asked.filters(), user_id=asked.user_id
    )
    return reply(request, list_body(answer))


@router.get("/popular", summary="What most people like", responses=LIST)
async def popular(request: Request, asked: Annotated[PopularAsked, Query()]) -> Response:
    """Of all time, or of the last day, week, month or year before the newest rating."""
    answer = services(request).recommender.popular(
        k=asked.k, window=asked.window, filters=asked.filters(), user_id=asked.user_id
    )
    return reply(request, list_body(answer))


@router.post("/rank", summary="A given set of films, ranked for one person", responses=RANKED)
async def rank(request: Request, asked: RankAsked) -> Response:
    """Candidates by id or by title; those that are no film here come back in `unknown_candidates`,
    and a notice says so where that leaves none. A title that is not a film's name with its year comes back
    in `taken_for`, with the film.

    Without candidates it ranks all films, as `/recommend` does.
    """
    app = services(request)
    ask = partial(
        app.recommender.rank,
        asked.user_id,
        k=asked.k,
        movie_ids=asked.candidate_movie_ids,
        titles=asked.candidate_movies,
    )
    return reply(request, ranked_body(await app.in_turn(ask)))


@router.post(
    "/recommendation/ranked_recommendation", summary="Titles, ranked for one person", responses=RANKED
)
async def ranked_recommendation(request: Request, asked: RankedRecommendationAsked) -> Response:
    """Do what `/rank` does, for clients that send the user's id as text."""
    app = services(request)
    ask = partial(app.recommender.rank, asked.user_id, k=asked.k, titles=asked.candidate_movies)
    return reply(request, ranked_body(await app.in_turn(ask)))


@router.post(
    "/explain", summary="Why a film stands where it does for one person", responses=EXPLAINED | NOT_FOUND
)
async def explain(request: Request, asked: ExplainAsked) -> Response:
    """Its place among the films not rated yet, and its place without each rating that carries most of it."""
    app = services(request)
    ask = partial(app.recommender.explain, asked.user_id, asked.movie_id)
    return reply(request, explanation_body(await app.in_turn(ask)))
