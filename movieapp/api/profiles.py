"""People with names. There are no passwords: whoever reaches the app may be any of them."""

import dataclasses
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.people_asked import ProfileAsked, ProfileChanged
from movieapp.api.people_shown import DeletedShown, ProfileShown, ProfilesShown
from movieapp.api.replies import CONFLICT, INVALID, NOT_FOUND, NOT_READY, reply, shows
from movieapp.api.services import Services, services
from movieapp.api.users import UserId
from movieapp.serving.memory import Profile

router = APIRouter(prefix="/profiles", tags=["people"])


@router.get("", summary="People with names", responses=shows(ProfilesShown))
async def profiles(request: Request) -> Response:
    """The first made first. Each is a user like any other: their id goes wherever a user id does."""
    app = services(request)
    return reply(request, {"profiles": [_body(app, one) for one in app.profiles.named()]})


@router.post("", summary="Make a person", responses=shows(ProfileShown) | CONFLICT | INVALID | NOT_READY)
def make(request: Request, asked: ProfileAsked) -> Response:
    """A name, and an id that nobody had before; 409 for a name that is taken."""
    app = services(request)
    made = app.profiles.make(asked.name, color=asked.color, now=app.clock())
    return reply(request, _body(app, made))


@router.patch(
    "/{user_id}",
    summary="Name, rename or recolour a person",
    responses=shows(ProfileShown) | NOT_FOUND | CONFLICT | INVALID | NOT_READY,
)
def change(request: Request, user_id: UserId, asked: ProfileChanged) -> Response:
    """What is left out stays. Whoever was made here without a name gets one by this, too."""
    app = services(request)
    changed = app.profiles.change(user_id, name=asked.name, color=asked.color, now=app.clock())
    return reply(request, _body(app, changed))


@router.delete(
    "/{user_id}",
    summary="Delete a person and everything of theirs",
    responses=shows(DeletedShown) | NOT_FOUND | CONFLICT | INVALID | NOT_READY,
)
def delete(request: Request, user_id: UserId) -> Response:
    """Ratings, lists, notes and the log of what they were shown go; the id is a stranger's then.

    It works for everybody made here, with a name or without; people of the release stay (409).
    """
    services(request).profiles.delete(user_id)
    return reply(request, {"user_id": user_id})


def _body(app: Services, profile: Profile) -> dict[str, Any]:
    history = app.profiles.history(profile.user_id)
    return dataclasses.asdict(profile) | {"n_ratings": 0 if history is None else len(history)}
