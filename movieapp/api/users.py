"""People and their ratings. A change is on disk before it is answered."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import RatingAsked
from movieapp.api.movies import MovieId
from movieapp.api.people_asked import RatingsAsked, UsersAsked
from movieapp.api.people_shown import RatedUserShown
from movieapp.api.replies import INVALID, NOT_FOUND, NOT_READY, reply, shows
from movieapp.api.services import Services, services
from movieapp.api.shown import RatingsShown, UserShown, UsersShown
from movieapp.api.wire import user_body
from movieapp.errors import NotReady
from movieapp.serving.histories import LARGEST_ID
from movieapp.serving.lists import Film
from movieapp.serving.profiles import Rated

router = APIRouter(prefix="/users", tags=["people"])

UserId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
USER = shows(UserShown) | NOT_FOUND | INVALID | NOT_READY
CHANGE = shows(RatedUserShown) | NOT_FOUND | INVALID | NOT_READY


@router.get("", summary="Some people to choose from", responses=shows(UsersShown) | INVALID)
async def users(request: Request, asked: Annotated[UsersAsked, Query()]) -> Response:
    """Those made here first, then the most active of the release."""
    chosen = services(request).profiles.users(asked.limit)
    return reply(request, {"users": [{"user_id": user, "n_ratings": n} for user, n in chosen]})


@router.get("/{user_id}", summary="What is known of one person", responses=USER)
def user(request: Request, user_id: UserId) -> Response:
    """Demographics where the release has them, figures about the ratings, favourite genres."""
    return reply(request, user_body(services(request).profiles.user(user_id)))


@router.get(
    "/{user_id}/ratings",
    summary="One person's ratings",
    responses=shows(RatingsShown) | NOT_FOUND | INVALID | NOT_READY,
)
def ratings(request: Request, user_id: UserId, asked: Annotated[RatingsAsked, Query()]) -> Response:
    """The newest first; `n_ratings` counts all of them."""
    app = services(request)
    rated = app.profiles.ratings(user_id)
    shown = [_rating(one, film_of(app, one.movie_id)) for one in rated[: asked.limit]]
    return reply(request, {"user_id": user_id, "n_ratings": len(rated), "ratings": shown})


@router.put("/{user_id}/ratings/{movie_id}", summary="Rate a film", responses=CHANGE)
def rate(request: Request, user_id: UserId, movie_id: MovieId, asked: RatingAsked) -> Response:
    """Set or change the rating; an id that nobody has makes a new user. The next list knows of it."""
    app = services(request)
    event_id = app.profiles.rate(user_id, movie_id, asked.rating, now=app.clock())
    return reply(request, user_body(app.profiles.user(user_id)) | {"event_id": event_id})


@router.delete("/{user_id}/ratings/{movie_id}", summary="Take a rating back", responses=CHANGE)
def unrate(request: Request, user_id: UserId, movie_id: MovieId) -> Response:
    """Remove the rating; without one, 404."""
    app = services(request)
    event_id = app.profiles.unrate(user_id, movie_id, now=app.clock())
    return reply(request, user_body(app.profiles.user(user_id)) | {"event_id": event_id})


def film_of(app: Services, movie_id: int) -> Film | None:
    """Return a film of the release, None as long as none are read."""
    try:
        return app.recommender.catalogue.film(movie_id)
    except NotReady:
        return None


def _rating(rated: Rated, film: Film | None) -> dict[str, Any]:
    return {
        "movie_id": rated.movie_id,
        "title": film.title if film else None,
        "rating": rated.rating,
        "rated_at": rated.rated_at,
    }
