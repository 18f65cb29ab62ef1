"""Requests made from the documentation itself, proper and broken ones: none makes a server error."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance
from schemathesis.specs.openapi.schemas import OpenApiSchema

from tests.api.api_app import App
from tests.thorough import examples

HOST = {"host": "127.0.0.1:8080"}
OPERATIONS = {
    "/recommend": ["POST"],
    "/together": ["POST"],
    "/welcome/films": ["GET"],
    "/welcome/answers": ["POST"],
    "/home": ["GET"],
    "/similar": ["POST"],
    "/popular": ["GET"],
    "/rank": ["POST"],
    "/recommendation/ranked_recommendation": ["POST"],
    "/movie/{movie_id}": ["GET"],
    "/movies/search": ["GET"],
    "/posters/{movie_id}": ["GET"],
    "/users": ["GET"],
    "/users/{user_id}": ["GET"],
    "/users/{user_id}/ratings": ["GET"],
    "/users/{user_id}/taste": ["GET"],
    "/users/{user_id}/years/{year}": ["GET"],
    "/users/{user_id}/time-machine": ["GET"],
    "/users/{user_id}/ratings/{movie_id}": ["PUT", "DELETE"],
    "/feedback": ["POST"],
    "/feedback/{event_id}": ["DELETE"],
    "/profiles": ["POST"],
    "/profiles/{user_id}": ["PATCH", "DELETE"],
    "/users/{user_id}/watchlist": ["GET"],
    "/users/{user_id}/watchlist/{movie_id}": ["PUT", "DELETE"],
    "/users/{user_id}/watches/{movie_id}": ["PUT", "DELETE"],
    "/users/{user_id}/notes/{movie_id}": ["PUT", "DELETE"],
    "/users/{user_id}/opinions/{movie_id}": ["PUT", "DELETE"],
    "/users/{user_id}/unlearned/{movie_id}": ["PUT", "DELETE"],
    "/users/{user_id}/presets": ["GET"],
    "/users/{user_id}/presets/{name}": ["PUT", "PATCH", "DELETE"],
    "/users/{user_id}/export": ["GET"],
    "/imports": ["POST"],
    "/imports/{import_id}": ["GET", "POST"],
    "/imports/{import_id}/unmatched.csv": ["GET"],
}


@pytest.fixture(scope="module")
def schema(served: App) -> OpenApiSchema:
    """What the app says of itself, read once."""
    return schemathesis.openapi.from_asgi("/openapi.json", served.api, headers=HOST)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize(
    ("path", "method"), [(path, method) for path, methods in OPERATIONS.items() for method in methods]
)
def test_no_request_makes_a_server_error(
    schema: OpenApiSchema, path: str, method: str, mode: GenerationMode
) -> None:
    statuses: set[int] = set()

    @settings(max_examples=examples(6), suppress_health_check=list(HealthCheck), database=None)
    @given(schema[path][method].as_strategy(generation_mode=mode))
    def answers(case: schemathesis.Case) -> None:
        response = case.call(headers=HOST)
        case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])
        statuses.add(response.status_code)

    answers()
    assert statuses & ({200, 404, 409, 422} if mode is GenerationMode.POSITIVE else {405, 422})
