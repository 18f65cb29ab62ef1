"""Every error has one shape: {"error": <kind>, "detail": <sentence>, "request_id": <id>}.

Nothing that a client sends makes a 5xx, and a refusal names the field that is wrong.
"""

import logging
import uuid
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from movieapp.api.shown import Problem
from tests.api.api_app import App

HUGE = 10**30
NO_OBJECT = "The body has to be one JSON object, sent with the header Content-Type: application/json."
JSON = {"content-type": "application/json"}


@pytest.fixture
def client(served: App) -> TestClient:
    """A client of an app that many tests share: what is refused changes nothing."""
    return served.client


def refused(response: Response, status: int, kind: str) -> str:
    """Expect a refusal in the one shape and return its sentence."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body: dict[str, Any] = response.json()
    assert set(body) == set(Problem.model_fields)
    assert body["error"] == kind
    assert body["detail"].endswith(".")
    assert response.headers["x-request-id"] == body["request_id"]
    assert uuid.UUID(body["request_id"])
    return str(body["detail"])


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/recommend", {}, "user_id is missing."),
        ("/recommend", {"user_id": 0}, "user_id: has to be greater than or equal to 1."),
        ("/recommend", {"user_id": 2**31}, "user_id: has to be less than or equal to 2147483647."),
        ("/recommend", {"user_id": HUGE}, "user_id: has to be less than or equal to 2147483647."),
        ("/recommend", {"user_id": "1"}, "user_id: has to be a valid integer."),
        ("/recommend", {"user_id": True}, "user_id: has to be a valid integer."),
        ("/recommend", {"user_id": None}, "user_id: has to be a valid integer."),
        ("/recommend", {"user_id": [1]}, "user_id: has to be a valid integer."),
        ("/recommend", {"user_id": 1, "k": 0}, "k: has to be greater than or equal to 1."),
        ("/recommend", {"user_id": 1, "k": 501}, "k: has to be less than or equal to 500."),
        ("/recommend", {"user_id": 1, "k": 1.5}, "k: has to be a valid integer."),
        ("/recommend", {"user_id": 1, "top": 3}, "top is not a field of this request; see /docs."),
        (
            "/recommend",
            {"user_id": 1, "x" * 5000: 3},
            "x" * 60 + " is not a field of this request; see /docs.",
        ),
        ("/recommend", {"user_id": 1, "genres": "Drama"}, "genres: has to be a valid array."),
        (
            "/recommend",
            {"user_id": 1, "genres": [""]},
            "genres[0]: Value should have at least 1 item after validation, not 0.",
        ),
        (
            "/recommend",
            {"user_id": 1, "genres": ["Drama", {"a": []}]},
            "genres[1]: has to be a valid string.",
        ),
        (
            "/recommend",
            {"user_id": 1, "genres": ["Nonsense"]},
            "No film has the genre 'Nonsense'. Genres are: Action, Drama.",
        ),
        (
            "/recommend",
            {"user_id": 1, "exclude_genres": ["\x00"]},
            "No film has the genre '\\x00'. Genres are: Action, Drama.",
        ),
        (
            "/recommend",
            {"user_id": 1, "genres": ["Drama"] * 31},
            "genres: List should have at most 30 items after validation, not 31.",
        ),
        (
            "/recommend",
            {"user_id": 1, "year_from": 2000, "year_to": 1990},
            "body: year_from has to be no later than year_to.",
        ),
        (
            "/recommend",
            {"user_id": 1, "year_from": -HUGE},
            "year_from: has to be greater than or equal to 1000.",
        ),
        ("/recommend", {"user_id": 1, "exclude_seen": "no"}, "exclude_seen: has to be a valid boolean."),
        ("/recommend", [], NO_OBJECT),
        ("/recommend", None, NO_OBJECT),
        ("/recommend", "text", NO_OBJECT),
        ("/similar", {}, "body: give either movie_id or movie_ids."),
        ("/similar", {"movie_id": 1, "movie_ids": [1]}, "body: give either movie_id or movie_ids."),
        (
            "/similar",
            {"movie_ids": []},
            "movie_ids: List should have at least 1 item after validation, not 0.",
        ),
        (
            "/similar",
            {"movie_ids": [1] * 51},
            "movie_ids: List should have at most 50 items after validation, not 51.",
        ),
        ("/similar", {"movie_ids": [1, 2, 0]}, "movie_ids[2]: has to be greater than or equal to 1."),
        (
            "/rank",
            {"user_id": 1, "candidate_movie_ids": []},
            "candidate_movie_ids: List should have at least 1 item after validation, not 0.",
        ),
        (
            "/rank",
            {"user_id": 1, "candidate_movies": [""]},
            "candidate_movies[0]: Value should have at least 1 item after validation, not 0.",
        ),
        (
            "/rank",
            {"user_id": 1, "candidate_movies": ["a"], "candidate_movie_ids": [1]},
            "body: give candidate_movie_ids or candidate_movies, not both.",
        ),
        (
            "/rank",
            {"user_id": 1, "candidate_movie_ids": [1] * 1001},
            "candidate_movie_ids: List should have at most 1000 items after validation, not 1001.",
        ),
        ("/recommendation/ranked_recommendation", {"user_id": "1"}, "candidate_movies is missing."),
        (
            "/recommendation/ranked_recommendation",
            {"user_id": "", "candidate_movies": ["a"]},
            "user_id: has to be a valid integer.",
        ),
        (
            "/recommendation/ranked_recommendation",
            {"user_id": "²", "candidate_movies": ["a"]},
            "user_id: has to be a valid integer.",
        ),
        (
            "/recommendation/ranked_recommendation",
            {"user_id": "0", "candidate_movies": ["a"]},
            "user_id: has to be greater than or equal to 1.",
        ),
        (
            "/feedback",
            {"user_id": 1, "movie_id": 1, "event_type": "bored"},
            "event_type: has to be 'click', 'like', 'dislike', 'watched', 'watchlist', 'hide' or 'rating'.",
        ),
        (
            "/feedback",
            {"user_id": 1, "movie_id": 1, "event_type": "rating"},
            "A rating needs its stars as value: 0.5 to 5, in halves.",
        ),
        (
            "/feedback",
            {"user_id": 1, "movie_id": 1, "event_type": "rating", "value": 7},
            "A rating is 0.5 to 5 stars, in halves.",
        ),
        (
            "/feedback",
            {"user_id": 1, "movie_id": 1, "event_type": "like", "request_id": "x"},
            "request_id has to be the id that came with a list, or left out.",
        ),
    ],
)
def test_a_bad_request_is_refused_with_the_field_named(
    client: TestClient, path: str, body: object, says: str
) -> None:
    assert refused(client.post(path, json=body), 422, "invalid") == says


@pytest.mark.parametrize(
    "query",
    [
        "/popular?k=0",
        "/popular?k=x",
        f"/popular?k={HUGE}",
        "/popular?window=decade",
        "/popular?genres=Drama",
        "/popular?genre=",
        "/popular?year_from=2000&year_to=1990",
        "/movies/search",
        "/movies/search?q=",
        "/movies/search?q=a&limit=0",
        f"/movies/search?q={'a' * 201}",
        "/movie/0",
        "/movie/abc",
        f"/movie/{HUGE}",
        "/movie/%ff",
        f"/users/{'9' * 5000}",
        "/users/1.5/ratings",
        "/users?limit=0",
    ],
)
def test_a_bad_address_is_refused(client: TestClient, query: str) -> None:
    refused(client.get(query), 422, "invalid")


@pytest.mark.parametrize(
    "rating", ["0", "5.5", "0.3", '"4"', "NaN", "Infinity", "-Infinity", "1e999", "null", "[]", "true"]
)
def test_a_bad_rating_is_refused(client: TestClient, rating: str) -> None:
    response = client.put("/users/1/ratings/1", content=f'{{"rating": {rating}}}', headers=JSON)
    assert "rating" in refused(response, 422, "invalid")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff\xfe\x00",
        b'{"user_id": 1, "genres": ["\xff"]}',
        b'{"user_id": 1, "genres": ["\\ud800"]}',
        b'{"user_id": 1, "\\ud800": 1}',
        b'{"user_id": NaN}',
        b'{"user_id": 1, "k": Infinity}',
        b'{"user_id": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"user_id": 1, "genres": ' + b"[" * 500 + b"]" * 500 + b"}",
    ],
)
def test_a_body_that_is_no_proper_json_is_refused(client: TestClient, content: bytes) -> None:
    refused(client.post("/recommend", content=content, headers=JSON), 422, "invalid")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "nonsense", ""])
def test_another_content_type_is_refused(client: TestClient, kind: str) -> None:
    response = client.post("/recommend", content=b'{"user_id": 1}', headers={"content-type": kind})
    assert "Content-Type: application/json" in refused(response, 422, "invalid")


def test_surrogates_in_titles_are_refused(client: TestClient) -> None:
    content = b'{"user_id": 1, "candidate_movies": ["\\udfff"]}'
    response = client.post("/rank", content=content, headers=JSON)
    assert "surrogate" in refused(response, 422, "invalid")


def test_odd_but_proper_text_is_answered(client: TestClient) -> None:
    names = ["\x00", "☃", "' or 1=1 --", "A" * 300, "%s"]
    response = client.post("/rank", json={"user_id": 1, "candidate_movies": names})
    assert (response.status_code, response.json()["unknown_candidates"]) == (200, names)


def test_an_unknown_address_is_404(client: TestClient) -> None:
    for path in ("/nothing", "/movie", "/users/1/nothing", "/docs/nothing"):
        assert "/docs" in refused(client.get(path), 404, "not_found")


def test_a_wrong_method_is_405_and_says_which_are_right(client: TestClient) -> None:
    response = client.get("/recommend")
    refused(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "POST"
    refused(client.post("/health"), 405, "method_not_allowed")
    refused(client.patch("/users/1/ratings/1"), 405, "method_not_allowed")


def test_what_nobody_foresaw_is_a_neutral_500_and_logged(app: App, caplog: pytest.LogCaptureFixture) -> None:
    @app.api.get("/broken")
    async def broken() -> None:
        raise RuntimeError("the secret reason")

    with caplog.at_level(logging.ERROR):
        response = app.client.get("/broken")
    assert "secret" not in refused(response, 500, "internal")
    assert "the secret reason" in caplog.text
    assert response.json()["request_id"] in caplog.text


def test_a_database_that_cannot_be_written_is_503(app: App) -> None:
    class Full:
        def rate(self, *values: object, **more: object) -> None:
            from movieapp.database import Unwritable

            raise Unwritable(
                "The database cannot be used: no space left. Free some disk space and try again."
            )

    object.__setattr__(app.api.state.services, "profiles", Full())
    response = app.client.put("/users/1/ratings/1", json={"rating": 4})
    assert "disk space" in refused(response, 503, "unwritable")
