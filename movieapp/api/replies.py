"""The forms that every answer has: JSON with its request id, and one shape for all errors."""

import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from movieapp.api import wire
from movieapp.api.shown import Problem


def request_id(scope: Scope) -> str:
    """Return the id of this request, made when first asked for."""
    found = scope.get("request_id")
    if found is None:
        found = scope["request_id"] = str(uuid.uuid4())
    return str(found)


def reply(request: Request, body: dict[str, Any]) -> Response:
    """Answer with this body; one that has a request id already gives it to the request."""
    if "request_id" in body:
        request.scope["request_id"] = body["request_id"]
    else:
        body = {"request_id": request_id(request.scope)} | body
    return Response(wire.encode(body), media_type="application/json")


def problem(
    scope: Scope, status: int, kind: str, detail: str, headers: dict[str, str] | None = None
) -> Response:
    """Refuse, in the one shape of all errors."""
    clean = detail.encode("utf-8", "replace").decode()
    body = {"error": kind, "detail": clean, "request_id": request_id(scope)}
    return Response(wire.encode(body), status, headers, media_type="application/json")


# For the `responses` of routes: which errors they may answer with.
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "There is no such thing."}
}
INVALID: dict[int | str, dict[str, Any]] = {
    422: {
        "model": Problem,
        "description": "The request cannot be used as it is; the sentence names the field.",
    }
}
NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {"model": Problem, "description": "It will work later: no ratings or no model yet."}
}

CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "The state of things forbids it; the sentence says what does."}
}
TOO_LARGE: dict[int | str, dict[str, Any]] = {
    413: {"model": Problem, "description": "The body is too large."}
}


def shows(model: type) -> dict[int | str, dict[str, Any]]:
    """Say, for `responses`, what a route answers with when all goes well."""
    return {200: {"model": model}}
