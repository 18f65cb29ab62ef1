"""List settings that people keep under a name. A change is on disk before it is answered."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import Aimed, PresetRenamed
from movieapp.api.home_shown import PresetGone, PresetShown, PresetsShown
from movieapp.api.replies import CONFLICT, INVALID, NOT_FOUND, NOT_READY, reply, shows
from movieapp.api.services import services
from movieapp.api.users import UserId
from movieapp.serving.presets import LONGEST_NAME, Preset, Presets, Setting

router = APIRouter(prefix="/users/{user_id}/presets", tags=["people"])

PresetName = Annotated[
    str, Path(min_length=1, max_length=LONGEST_NAME, pattern="^[^/]+$", examples=["Rainy days"])
]
PRESET = shows(PresetShown) | NOT_FOUND | CONFLICT | INVALID | NOT_READY


@router.get("", summary="Somebody's list settings", responses=shows(PresetsShown) | INVALID)
def presets(request: Request, user_id: UserId) -> Response:
    """By name. Their fields are those of `POST /recommend`."""
    kept = _presets(request).of(user_id)
    return reply(request, {"user_id": user_id, "presets": [_body(preset) for preset in kept]})


@router.put("/{name}", summary="Keep a list setting", responses=PRESET)
def put(request: Request, user_id: UserId, name: PresetName, asked: Aimed) -> Response:
    """In place of another one of that name."""
    app = services(request)
    setting = Setting(asked.filters(), asked.aims(app.recommender.aims), asked.exclude_seen)
    # Refuses a genre that no film has.
    app.recommender.catalogue.mask(setting.filters)
    return reply(request, _body(_presets(request).put(user_id, name, setting, now=app.clock())))


@router.patch("/{name}", summary="Rename a list setting", responses=PRESET)
def rename(request: Request, user_id: UserId, name: PresetName, asked: PresetRenamed) -> Response:
    """A name that another one has is refused (409)."""
    return reply(request, _body(_presets(request).rename(user_id, name, asked.name)))


@router.delete("/{name}", summary="Delete a list setting", responses=shows(PresetGone) | NOT_FOUND | INVALID)
def delete(request: Request, user_id: UserId, name: PresetName) -> Response:
    """Without one, 404."""
    _presets(request).remove(user_id, name)
    return reply(request, {"user_id": user_id, "name": name})


def _presets(request: Request) -> Presets:
    app = services(request)
    return Presets(app.database, app.profiles)


def _body(preset: Preset) -> dict[str, Any]:
    setting = preset.setting
    return {
        "name": preset.name,
        **asdict(setting.filters),
        **asdict(setting.aims),
        "exclude_seen": setting.exclude_seen,
        "changed_at": preset.changed_at,
    }
