"""People, their ratings and their feedback over HTTP."""

from starlette.testclient import TestClient

from movieapp.api.people_shown import RatedUserShown
from movieapp.api.shown import FeedbackShown, RatingsShown, UserShown, UsersShown
from tests.api.api_app import App
from tests.rows import rows


def test_some_people_to_choose_from(client: TestClient) -> None:
    client.put("/users/900/ratings/1", json={"rating": 4})
    body = client.get("/users", params={"limit": 2}).json()
    assert UsersShown.model_validate(body, extra="forbid")
    assert body["users"][0] == {"user_id": 900, "n_ratings": 1}
    assert len(body["users"]) == 2


def test_a_summary(client: TestClient) -> None:
    body = client.get("/users/1").json()
    assert UserShown.model_validate(body, extra="forbid")
    assert (body["gender"], body["age"], body["occupation"], body["source"]) == ("F", 25, "writer", "release")
    assert body["favourite_genres"] == ["Action"]
    assert body["first_rated_at"] == "1970-01-01T00:16:41Z"


def test_ratings_newest_first_with_titles(client: TestClient) -> None:
    client.put("/users/1/ratings/21", json={"rating": 0.5})
    body = client.get("/users/1/ratings", params={"limit": 2}).json()
    assert RatingsShown.model_validate(body, extra="forbid")
    assert body["n_ratings"] == 16
    assert body["ratings"][0] == {
        "movie_id": 21,
        "title": "Drama 21, The (2001)",
        "rating": 0.5,
        "rated_at": "2026-01-02T03:04:05Z",
    }
    assert len(body["ratings"]) == 2


def test_rating_changing_and_taking_back(client: TestClient) -> None:
    first = client.put("/users/900/ratings/1", json={"rating": 4})
    assert RatedUserShown.model_validate(first.json(), extra="forbid")
    assert (first.json()["source"], first.json()["n_ratings"], first.json()["mean_rating"]) == ("app", 1, 4.0)
    assert client.put("/users/900/ratings/1", json={"rating": 2.5}).json()["mean_rating"] == 2.5
    gone = client.delete("/users/900/ratings/1")
    assert (gone.status_code, gone.json()["n_ratings"]) == (200, 0)
    again = client.delete("/users/900/ratings/1")
    assert (again.status_code, again.json()["error"]) == (404, "not_found")
    assert client.get("/users/900/ratings").json()["ratings"] == []


def test_unknown_people_and_movies_are_404(client: TestClient) -> None:
    for response in (
        client.get("/users/4711"),
        client.get("/users/4711/ratings"),
        client.delete("/users/4711/ratings/1"),
        client.put("/users/1/ratings/4711", json={"rating": 4}),
        client.post("/feedback", json={"user_id": 1, "movie_id": 4711, "event_type": "like"}),
    ):
        assert (response.status_code, response.json()["error"]) == (404, "not_found")


def test_feedback_is_kept_and_changes_the_list(app: App) -> None:
    before = app.client.post("/recommend", json={"user_id": 1, "k": 1}).json()
    best = before["results"][0]["movie_id"]
    event = {"user_id": 1, "movie_id": best, "event_type": "hide", "request_id": before["request_id"]}
    response = app.client.post("/feedback", json=event)
    assert FeedbackShown.model_validate(response.json(), extra="forbid")
    after = app.client.post("/recommend", json={"user_id": 1, "k": 100}).json()
    assert best not in {result["movie_id"] for result in after["results"]}
    query = "select event_id::text, request_id::text, event_type from feedback"
    assert rows(app.database, query).rows() == [(response.json()["event_id"], before["request_id"], "hide")]


def test_a_rating_as_feedback_is_a_rating(client: TestClient) -> None:
    event = {"user_id": 900, "movie_id": 1, "event_type": "rating", "value": 3.5}
    assert client.post("/feedback", json=event).status_code == 200
    assert client.get("/users/900").json()["mean_rating"] == 3.5


def test_before_the_ratings_are_in_nobody_is_missing_yet(empty: App) -> None:
    assert empty.client.get("/users").json()["users"] == []
    for response in (
        empty.client.get("/users/1"),
        empty.client.get("/users/1/ratings"),
        empty.client.put("/users/1/ratings/1", json={"rating": 4}),
        empty.client.delete("/users/1/ratings/1"),
        empty.client.post("/feedback", json={"user_id": 1, "movie_id": 1, "event_type": "like"}),
    ):
        assert (response.status_code, response.json()["error"]) == (503, "not_ready")
        assert "still being read" in response.json()["detail"]
