"""Requests made from the documentation itself, proper and broken ones: none makes a server error."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance

from tests.api.api_app import App

HOST = {"host": "127.0.0.1:8080"}
OPERATIONS = {
    "/recommend": ["POST"],
    "/similar": ["POST"],
    "/popular": ["GET"],
    "/rank": ["POST"],
    "/recommendation/ranked_recommendation": ["POST"],
    "/movie/{movie_id}": ["GET"],
    "/movies/search": ["GET"],
    "/users": ["GET"],
    "/users/{user_id}": ["GET"],
    "/users/{user_id}/ratings": ["GET"],
    "/users/{user_id}/ratings/{movie_id}": ["PUT", "DELETE"],
    "/feedback": ["POST"],
}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize(
    ("path", "method"), [(path, method) for path, methods in OPERATIONS.items() for method in methods]
)
def test_no_request_makes_a_server_error(served: App, path: str, method: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", served.api, headers=HOST)
    statuses: set[int] = set()

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(schema[path][method].as_strategy(generation_mode=mode))
    def answers(case: schemathesis.Case) -> None:
        response = case.call(headers=HOST)
        case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])
        statuses.add(response.status_code)

    answers()
    assert statuses & ({200, 404, 422} if mode is GenerationMode.POSITIVE else {405, 422})
