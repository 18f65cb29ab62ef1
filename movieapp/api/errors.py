"""Where errors become statuses, and the sentences that people read."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.replies import problem
from movieapp.database import Unwritable
from movieapp.errors import Conflict, Invalid, MovieAppError, NotFound, NotReady

STATUSES: dict[type[MovieAppError], tuple[int, str]] = {
    NotFound: (404, "not_found"),
    Conflict: (409, "conflict"),
    Invalid: (422, "invalid"),
    NotReady: (503, "not_ready"),
    Unwritable: (503, "unwritable"),
}
UNREADABLE = "The body cannot be read: send one JSON object in UTF-8."
NO_OBJECT = "The body has to be one JSON object, sent with the header Content-Type: application/json."


def install(app: FastAPI) -> None:
    """Give every error the one shape."""
    app.add_exception_handler(MovieAppError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def status_of(error: MovieAppError) -> tuple[int, str]:
    """Return the status and the kind of an error."""
    for kind in type(error).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    return 500, "internal"


def sentence(errors: Sequence[Mapping[str, Any]]) -> str:
    """Return what is wrong with a request, the field named, in at most three sentences."""
    return " ".join(_one(error) for error in errors[:3])


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, MovieAppError)
    status, kind = status_of(error)
    logged = getattr(error, "request_id", None)
    if logged is not None:
        request.scope["request_id"] = logged
    return problem(request.scope, status, kind, str(error))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return problem(request.scope, 422, "invalid", sentence(error.errors()))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    match error.status_code:
        case 404:
            text = "There is nothing at this address. All routes are described at /docs."
            return problem(request.scope, 404, "not_found", text, headers)
        case 405:
            text = f"{request.method} is not possible here. All routes are described at /docs."
            return problem(request.scope, 405, "method_not_allowed", text, headers)
        case 413:
            return problem(request.scope, 413, "too_large", error.detail, headers)
        case 400:
            # FastAPI's word for a body that is no JSON in some way that it did not foresee.
            return problem(request.scope, 422, "invalid", UNREADABLE, headers)
        case status:
            return problem(request.scope, status, "http", error.detail, headers)


def _one(error: Mapping[str, Any]) -> str:
    where, *path = error["loc"]
    field = _field(path)
    match error["type"]:
        case "json_invalid":
            return f"The body is not valid JSON: {error['ctx']['error']}."
        case "missing" if not path:
            return NO_OBJECT
        case "model_attributes_type" | "model_type" | "dict_type" if not path:
            return NO_OBJECT
        case "missing":
            return f"{field} is missing."
        case "extra_forbidden":
            return f"{field} is not a field of this request; see /docs."
    text = str(error["msg"]).removeprefix("Value error, ").replace("Input should", "has to")
    return f"{field or where}: {text}."


def _field(path: Sequence[str | int]) -> str:
    """Return the place as people write it, `movie_ids[3]`; names from outside may be of any length."""
    names = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:60]}" for part in path)
    return names.removeprefix(".")
