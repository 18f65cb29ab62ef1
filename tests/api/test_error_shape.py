"""Every error has one shape: {"error": <kind>, "detail": <sentence>, "request_id": <id>}.

Nothing that a client sends makes a 5xx, and a refusal names the field that is wrong.
"""

import logging
import re
import uuid
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from movieapp.api.shown import Problem
from tests.api.api_app import App
from tests.rows import rows

HUGE = 10**30
NO_OBJECT = "The body has to be one JSON object, sent with the header Content-Type: application/json."
JSON = {"content-type": "application/json"}
FIELDS = (
    "genres, exclude_genres, year_from, year_to, runtime_min, runtime_max, exclude_seen, diversity, "
    "popularity, adventure, age, discover, user_id, k"
)
# Words of the libraries that read requests; people are told the same in the app's own.
RAW = re.compile(
    r"Input|should|valid (integer|number|string|array|boolean)|parse|validation|after val|ident|Expect"
)


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
    assert not RAW.search(body["detail"])
    assert response.headers["x-request-id"] == body["request_id"]
    assert uuid.UUID(body["request_id"])
    return str(body["detail"])


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/recommend", {}, "user_id is missing."),
        ("/recommend", {"user_id": 0}, "user_id has to be at least 1, not 0."),
        ("/recommend", {"user_id": 2**31}, "user_id has to be at most 2147483647, not 2147483648."),
        ("/recommend", {"user_id": HUGE}, f"user_id has to be at most 2147483647, not {HUGE}."),
        ("/recommend", {"user_id": "1"}, 'user_id has to be a whole number, not "1".'),
        ("/recommend", {"user_id": True}, "user_id has to be a whole number, not true."),
        ("/recommend", {"user_id": None}, "user_id has to be a whole number, not null."),
        ("/recommend", {"user_id": [1]}, "user_id has to be a whole number, not a list of 1."),
        ("/recommend", {"user_id": 1, "k": 0}, "k has to be at least 1, not 0."),
        ("/recommend", {"user_id": 1, "k": 501}, "k has to be at most 500, not 501."),
        ("/recommend", {"user_id": 1, "k": 1.5}, "k has to be a whole number, not 1.5."),
        ("/recommend", {"user_id": 1, "top": 3}, f"top is not a field of this request; it takes {FIELDS}."),
        (
            "/recommend",
            {"user_id": 1, "x" * 5000: 3},
            "x" * 60 + f" is not a field of this request; it takes {FIELDS}.",
        ),
        ("/recommend", {"user_id": 1, "genres": "Drama"}, 'genres has to be a list, not "Drama".'),
        (
            "/recommend",
            {"user_id": 1, "genres": [""]},
            "genres[0] has to have at least 1 character, not 0.",
        ),
        (
            "/recommend",
            {"user_id": 1, "genres": ["Drama", {"a": []}]},
            "genres[1] has to be text, not an object.",
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
            "genres may have at most 30 entries, not 31.",
        ),
        (
            "/recommend",
            {"user_id": 1, "year_from": 2000, "year_to": 1990},
            "year_from (2000) has to be no later than year_to (1990).",
        ),
        (
            "/recommend",
            {"user_id": 1, "runtime_min": 120, "runtime_max": 90},
            "runtime_min (120) has to be no longer than runtime_max (90).",
        ),
        ("/recommend", {"user_id": 1, "runtime_max": 0}, "runtime_max has to be at least 1, not 0."),
        ("/recommend", {"user_id": 1, "adventure": 1.5}, "adventure has to be at most 1, not 1.5."),
        (
            "/recommend",
            {"user_id": 1, "year_from": -HUGE},
            f"year_from has to be at least 1000, not {-HUGE}.",
        ),
        (
            "/recommend",
            {"user_id": 1, "exclude_seen": "no"},
            'exclude_seen has to be true or false, not "no".',
        ),
        ("/recommend", [], NO_OBJECT),
        ("/recommend", None, NO_OBJECT),
        ("/recommend", "text", NO_OBJECT),
        ("/similar", {}, "Give either movie_id or movie_ids."),
        ("/similar", {"movie_id": 1, "movie_ids": [1]}, "Give either movie_id or movie_ids."),
        (
            "/similar",
            {"movie_ids": []},
            "movie_ids has to have at least 1 entry, not 0.",
        ),
        (
            "/similar",
            {"movie_ids": [1] * 51},
            "movie_ids may have at most 50 entries, not 51.",
        ),
        ("/similar", {"movie_ids": [1, 2, 0]}, "movie_ids[2] has to be at least 1, not 0."),
        (
            "/rank",
            {"user_id": 1, "candidate_movie_ids": []},
            "candidate_movie_ids has to have at least 1 entry, not 0.",
        ),
        (
            "/rank",
            {"user_id": 1, "candidate_movies": [""]},
            "candidate_movies[0] has to have at least 1 character, not 0.",
        ),
        (
            "/rank",
            {"user_id": 1, "candidate_movies": ["a"], "candidate_movie_ids": [1]},
            "Give candidate_movie_ids or candidate_movies, not both.",
        ),
        (
            "/rank",
            {"user_id": 1, "candidate_movie_ids": [1] * 1001},
            "candidate_movie_ids may have at most 1000 entries, not 1001.",
        ),
        ("/recommendation/ranked_recommendation", {"user_id": "1"}, "candidate_movies is missing."),
        (
            "/recommendation/ranked_recommendation",
            {"user_id": "", "candidate_movies": ["a"]},
            'user_id has to be a whole number, not "".',
        ),
        (
            "/recommendation/ranked_recommendation",
            {"user_id": "²", "candidate_movies": ["a"]},
            'user_id has to be a whole number, not "²".',
        ),
        (
            "/recommendation/ranked_recommendation",
            {"user_id": "0", "candidate_movies": ["a"]},
            "user_id has to be at least 1, not 0.",
        ),
        (
            "/feedback",
            {"user_id": 1, "movie_id": 1, "event_type": "bored"},
            "event_type has to be 'click', 'like', 'dislike', 'watched', 'watchlist', 'hide', 'rating', "
            "'note', 'unlearned', 'rating_removed', 'opinion_removed', 'watched_removed', "
            "'watchlist_removed', 'note_removed' or 'unlearned_removed', not \"bored\".",
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
    ("query", "says"),
    [
        ("/popular?k=0", "k has to be at least 1, not 0."),
        ("/popular?k=x", 'k has to be a whole number, not "x".'),
        ("/popular?k=1.5", "k has to be a whole number, not 1.5."),
        ("/popular?k=", 'k has to be a whole number, not "".'),
        (f"/popular?k={HUGE}", f"k has to be at most 500, not {HUGE}."),
        (f"/popular?k={'9' * 5000}", f"k has to be a shorter number, not {'9' * 40}…."),
        (
            "/popular?window=decade",
            "window has to be 'day', 'week', 'month', 'year' or 'all', not \"decade\".",
        ),
        (
            "/popular?top=3",
            "top is not a field of this request; it takes k, genre, genres, exclude_genres, window, "
            "year_from, year_to, runtime_min, runtime_max, user_id.",
        ),
        ("/popular?genre=", "genre[0] has to have at least 1 character, not 0."),
        ("/popular?" + "genre=a&" * 31, "genre may have at most 30 entries, not 31."),
        (
            "/popular?exclude_genres=Nonsense",
            "No film has the genre 'Nonsense'. Genres are: Action, Drama.",
        ),
        (
            "/popular?year_from=2000&year_to=1990",
            "year_from (2000) has to be no later than year_to (1990).",
        ),
        ("/movies/search", "q is missing."),
        ("/movies/search?q=", "q has to have at least 1 character, not 0."),
        ("/movies/search?q=a&limit=0", "limit has to be at least 1, not 0."),
        (f"/movies/search?q={'a' * 201}", "q may have at most 200 characters, not 201."),
        ("/movie/0", "movie_id has to be at least 1, not 0."),
        ("/movie/abc", 'movie_id has to be a whole number, not "abc".'),
        (f"/movie/{HUGE}", f"movie_id has to be at most 2147483647, not {HUGE}."),
        ("/movie/%ff", 'movie_id has to be a whole number, not "\ufffd".'),
        (f"/users/{'9' * 5000}", f"user_id has to be a shorter number, not {'9' * 40}…."),
        ("/users/1.5/ratings", "user_id has to be a whole number, not 1.5."),
        ("/users?limit=0", "limit has to be at least 1, not 0."),
        ("/users?nonsense=1", "nonsense is not a field of this request; it takes limit."),
        ("/users/1/ratings?top=1", "top is not a field of this request; it takes limit."),
        ("/users/1/export?format=pdf", "format has to be 'json' or 'csv', not \"pdf\"."),
    ],
)
def test_a_bad_address_is_refused(client: TestClient, query: str, says: str) -> None:
    assert refused(client.get(query), 422, "invalid") == says


@pytest.mark.parametrize(
    ("rating", "says"),
    [
        ("0", "at least 0.5, not 0"),
        ("5.5", "at most 5, not 5.5"),
        ("0.3", "a multiple of 0.5, not 0.3"),
        ('"4"', 'a number, not "4"'),
        ("NaN", "a finite number, not NaN"),
        ("-Infinity", "a finite number, not -Infinity"),
        ("1e999", "a finite number, not Infinity"),
        ("null", "a number, not null"),
        ("[]", "a number, not a list of 0"),
        ("true", "a number, not true"),
    ],
)
def test_a_bad_rating_is_refused(client: TestClient, rating: str, says: str) -> None:
    response = client.put("/users/1/ratings/1", content=f'{{"rating": {rating}}}', headers=JSON)
    assert refused(response, 422, "invalid") == f"rating has to be {says}."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", NO_OBJECT),
        (b"{", "at line 1, column 1: it ends too early"),
        (b"nonsense", "at line 1, column 2"),
        (b'{"user_id": 1,}', "at line 1, column 15: there is a comma too many"),
        (b'{"user_id": 1} x', "at line 1, column 16: something follows the object"),
        (b"\xff\xfe\x00", "at line 1, column 1"),
        (b'{"user_id": 1, "genres": ["\xff"]}', "at line 1, column 28"),
        (b'{"user_id": 1, "genres": ["\\ud800"]}', "at line 1, column 34: there is half a character in it"),
        (b'{"user_id": 1, "\\ud800": 1}', "at line 1, column 23: there is half a character in it"),
        (b'{"user_id": NaN}', "user_id has to be a whole number, not NaN."),
        (b'{"user_id": 1, "k": Infinity}', "k has to be a whole number, not Infinity."),
        (b'{"user_id": ' + b"9" * 3000 + b"}", "at most 2147483647, not a number that large."),
        (b'{"user_id": ' + b"9" * 5000 + b"}", "at line 1, column 4314: a number in it is too long"),
        (b"[" * 100_000, "at line 1, column 202: it is nested too deeply"),
        (b'{"user_id": 1, "genres": ' + b"[" * 500 + b"]" * 500 + b"}", "it is nested too deeply"),
    ],
)
def test_a_body_that_is_no_proper_json_is_refused(client: TestClient, content: bytes, says: str) -> None:
    assert says in refused(client.post("/recommend", content=content, headers=JSON), 422, "invalid")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"user_id": 1,', "The body is not valid JSON at character 14. Send one JSON object in UTF-8."),
        (b"[" * 100_000, "The body cannot be read: send one JSON object in UTF-8."),
        (b"\xff", "The body cannot be read: send one JSON object in UTF-8."),
    ],
)
def test_the_routes_that_write_refuse_broken_json_too(client: TestClient, content: bytes, says: str) -> None:
    assert refused(client.post("/feedback", content=content, headers=JSON), 422, "invalid") == says


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


def test_a_slash_at_the_end_changes_nothing(app: App) -> None:
    def ask(method: str, path: str, body: object = None) -> Response:
        return app.client.request(method, path, json=body, follow_redirects=False)

    assert ask("PUT", "/users/4711/ratings/1/", {"rating": 4}).json()["n_ratings"] == 1
    assert ask("DELETE", "/users/4711/ratings/1/").json()["n_ratings"] == 0
    assert ask("POST", "/recommend/", {"user_id": 1}).json()["results"]
    assert ask("GET", "/popular/?k=1").status_code == 200
    refused(ask("GET", "/nothing/"), 404, "not_found")
    refused(ask("POST", "/health/"), 405, "method_not_allowed")
    assert ask("GET", "/").headers["location"] == "/ui/"


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
    # It counts among the failures that the dashboard tells of.
    app.log.flush()
    assert rows(app.database, "select endpoint, status from requests").rows() == [("other", 500)]


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
