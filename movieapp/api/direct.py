"""The route class of the busiest routes: it reads the body with pydantic alone."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

Model = TypeVar("Model", bound=BaseModel)


class Direct(APIRoute):
    """A route whose function takes the request and, if it has a body, the body as a pydantic model.

    JSON goes to pydantic as bytes, past FastAPI's parsing and dependencies: a third of the route's time.
    The documentation still comes from the function's signature.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the function that answers."""
        if self.body_field is None:
            return super().get_route_handler()
        model: type[BaseModel] = self.body_field.field_info.annotation  # type: ignore[assignment]
        endpoint = self.endpoint

        async def answer(request: Request) -> Response:
            content_type = request.headers.get("content-type", "")
            asked = read(model, await request.body(), content_type)
            response: Response = await endpoint(request, asked)
            return response

        return answer


def read(model: type[Model], body: bytes, content_type: str) -> Model:
    """Return the body as the model; refuse it as FastAPI does, in the same terms."""
    if not body or not _is_json(content_type):
        raise RequestValidationError([{"type": "missing", "loc": ("body",), "msg": "Field required"}])
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise RequestValidationError([one | {"loc": ("body", *one["loc"])} for one in found]) from None


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
