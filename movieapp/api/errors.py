"""Where errors become statuses."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from movieapp.api.replies import problem
from movieapp.api.wording import UNREADABLE, sentence
from movieapp.database import Unwritable
from movieapp.errors import Conflict, Invalid, MovieAppError, NotFound, NotReady

STATUSES: dict[type[MovieAppError], tuple[int, str]] = {
    NotFound: (404, "not_found"),
    Conflict: (409, "conflict"),
    Invalid: (422, "invalid"),
    NotReady: (503, "not_ready"),
    Unwritable: (503, "unwritable"),
}


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


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, MovieAppError)
    status, kind = status_of(error)
    logged = getattr(error, "request_id", None)
    if logged is not None:
        request.scope["request_id"] = logged
    return problem(request.scope, status, kind, str(error))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return problem(request.scope, 422, "invalid", sentence(error.errors(), _fields(request)))


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


def _fields(request: Request) -> list[str]:
    """Return the fields of the object that the route takes as its body or its query."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return []
    taken = [
        one.field_info.annotation for one in (*route.dependant.body_params, *route.dependant.query_params)
    ]
    return [
        name
        for model in taken
        if isinstance(model, type) and issubclass(model, BaseModel)
        for name in model.model_fields
    ]
