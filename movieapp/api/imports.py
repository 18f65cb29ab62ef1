"""What people did elsewhere, taken in; and everything they keep here, given out."""

import dataclasses
from collections import Counter
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.asked import Asked
from movieapp.api.people_asked import ImportAsked, TakeInAsked
from movieapp.api.people_shown import ImportShown, TakenInShown
from movieapp.api.replies import INVALID, NOT_FOUND, NOT_READY, TOO_LARGE, reply, shows
from movieapp.api.services import services
from movieapp.api.users import UserId
from movieapp.serving.imports import Waiting
from movieapp.sources.exports.own import profile_csv, profile_json
from movieapp.sources.exports.rows import Row

router = APIRouter(tags=["people"])

ImportId = Annotated[str, Path(max_length=50)]
MOST_UNMATCHED = 100
FILE = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
EXPORT: dict[int | str, dict[str, Any]] = {
    200: {"content": {**CSV[200]["content"], "application/json": {"schema": {"type": "object"}}}}
}


class Form(StrEnum):
    """The forms of an export."""

    JSON = "json"
    CSV = "csv"


class ExportAsked(Asked):
    """The form of an export, in the query string."""

    format: Form = Form.JSON


@router.post(
    "/imports",
    summary="Look at an export of another service",
    responses=shows(ImportShown) | INVALID | NOT_READY | TOO_LARGE,
    openapi_extra=FILE,
)
async def look(request: Request, asked: Annotated[ImportAsked, Query()]) -> Response:
    """The body is the file itself, as Letterboxd, IMDb, Trakt, MovieLens or this app gave it out: csv, JSON
    or zip. Nothing is changed yet: POST /imports/{import_id} does that.
    """
    content = await request.body()
    imports = services(request).imports
    return reply(request, await run_in_threadpool(lambda: _shown(imports.look(asked.name, content))))


@router.get(
    "/imports/{import_id}",
    summary="What an export would bring",
    responses=shows(ImportShown) | NOT_FOUND | INVALID,
)
def waiting(request: Request, import_id: ImportId) -> Response:
    """As when it was sent; for an hour."""
    return reply(request, _shown(services(request).imports.waiting(import_id)))


@router.post(
    "/imports/{import_id}",
    summary="Take an export in",
    responses=shows(TakenInShown) | NOT_FOUND | INVALID | NOT_READY,
)
def take_in(request: Request, import_id: ImportId, asked: TakeInAsked) -> Response:
    """All of it or nothing. The same file a second time changes nothing; the next list knows of it."""
    app = services(request)
    done = app.imports.take_in(
        import_id, asked.user_id, choices=asked.choices, is_overwriting=asked.overwrite, now=app.clock()
    )
    return reply(request, {"user_id": asked.user_id, "n_changes": done.n_changes, **dataclasses.asdict(done)})


@router.get(
    "/imports/{import_id}/unmatched.csv",
    summary="What the release does not have",
    response_class=Response,
    responses=CSV | NOT_FOUND | INVALID,
)
def unmatched(request: Request, import_id: ImportId) -> Response:
    """The rows of the file that are left out."""
    text = services(request).imports.waiting(import_id).preview.unmatched_csv()
    return _file(text, "unmatched.csv", "text/csv")


@router.get(
    "/users/{user_id}/export",
    summary="Everything that somebody keeps here",
    response_class=Response,
    responses=EXPORT | NOT_FOUND | INVALID,
)
def export(request: Request, user_id: UserId, asked: Annotated[ExportAsked, Query()]) -> Response:
    """A file that POST /imports takes back, here or in another instance."""
    write, kind = (
        (profile_csv, "text/csv") if asked.format is Form.CSV else (profile_json, "application/json")
    )
    return _file(write(services(request).database, user_id), f"user-{user_id}.{asked.format}", kind)


def _file(text: str, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), media_type=f"{kind}; charset=utf-8", headers=headers)


def _shown(waiting: Waiting) -> dict[str, Any]:
    found = waiting.preview
    return {
        "import_id": waiting.import_id,
        "name": waiting.name,
        "service": found.export.service,
        "profile_name": found.export.name,
        "n_by_kind": dict(Counter(str(row.kind) for row in found.export.rows)),
        "n_skipped": found.export.n_skipped,
        "n_matched": len(found.matched),
        "n_doubtful": len(found.doubtful),
        "n_unmatched": len(found.unmatched),
        "share_matched": found.share,
        "n_presets": len(found.export.presets),
        "doubtful": [
            {
                "position": position,
                **_film(film.rows),
                "candidates": [dataclasses.asdict(candidate) for candidate in film.candidates],
            }
            for position, film in enumerate(found.doubtful)
        ],
        "unmatched": [_film(film.rows) for film in found.unmatched[:MOST_UNMATCHED]],
    }


def _film(rows: tuple[Row, ...]) -> dict[str, Any]:
    return {"title": rows[0].title, "year": rows[0].year, "n_rows": len(rows)}
