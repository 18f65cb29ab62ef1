"""The first page, the prices of aims and presets over HTTP."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from movieapp.api.home_shown import AimsShown, HomeShown, PresetShown, PresetsShown
from movieapp.lifecycle.comparison import AIMS
from tests.api.api_app import App
from tests.rows import rows

RAINY = "/users/1/presets/Rainy%20days"


@pytest.fixture
def client(served: App) -> TestClient:
    """A client of an app that many tests share: what is kept here is deleted again."""
    return served.client


def test_the_first_page_has_rows_and_no_film_twice(client: TestClient) -> None:
    body = client.get("/home?user_id=1&k=4").json()
    assert HomeShown.model_validate(body)
    assert body["rows"][0]["kind"] == "for_you"
    listed = client.post("/recommend", json={"user_id": 1, "k": 4}).json()["results"]
    assert [one["movie_id"] for one in body["rows"][0]["results"]] == [one["movie_id"] for one in listed]
    films = [one["movie_id"] for row in body["rows"] for one in row["results"]]
    assert len(films) == len(set(films))


def test_a_stranger_is_told_why_rows_are_popular(client: TestClient) -> None:
    body = client.get("/home?user_id=4711&k=5").json()
    assert (body["is_fallback"], {row["kind"] for row in body["rows"]}) == (True, {"popular"})
    assert body["rows"][0]["window"] == "month"
    assert "4711" in body["notice"]


@pytest.mark.parametrize(
    "query", ["", "user_id=x", "user_id=0", "user_id=1&k=3", "user_id=1&k=51", "user_id=1&x=1"]
)
def test_what_cannot_be_a_first_page_is_refused_and_logged(app: App, query: str) -> None:
    assert app.client.get(f"/home?{query}").status_code == 422
    app.log.flush()
    assert rows(app.database, "select endpoint, status from requests").rows() == [("home", 422)]


def test_before_the_ratings_are_in_the_first_page_says_so(empty: App) -> None:
    assert empty.client.get("/home?user_id=1").status_code == 503


def test_prices_of_all_aims_say_where_they_were_measured(client: TestClient) -> None:
    body = client.get("/aims").json()
    assert AimsShown.model_validate(body)
    assert (body["release"], body["is_own"]) == ("ml-100k", False)
    assert [one["aim"] for one in body["aims"]] == list(AIMS)[1:]


def test_runtimes_and_verdicts_are_part_of_lists(client: TestClient) -> None:
    body = client.post("/recommend", json={"user_id": 1, "runtime_max": 120}).json()
    assert body["results"] == []
    assert client.get("/popular?runtime_min=1").json()["results"] == []
    result = client.post("/recommend", json={"user_id": 1, "k": 1}).json()["results"][0]
    # This version has no model of stars.
    assert (result["predicted_rating"], result["verdict"]) == (None, None)


def test_other_aims_make_other_lists(client: TestClient) -> None:
    def listed(**aims: float) -> list[int]:
        body = client.post("/recommend", json={"user_id": 2, "exclude_seen": False, "k": 5, **aims}).json()
        return [result["movie_id"] for result in body["results"]]

    assert max(listed(age=-1.0)) < max(listed(age=1.0))  # here, films with higher ids are newer
    assert listed(adventure=1.0) != listed()


def test_a_preset_is_kept_renamed_and_deleted(client: TestClient) -> None:
    wanted: dict[str, Any] = {"genres": ["Drama"], "adventure": 0.5, "exclude_seen": False}
    kept = client.put(RAINY, json=wanted).json()
    assert PresetShown.model_validate(kept)
    assert kept["name"] == "Rainy days"
    assert kept | wanted == kept
    listed = client.get("/users/1/presets").json()
    assert PresetsShown.model_validate(listed)
    assert [one["name"] for one in listed["presets"]] == ["Rainy days"]
    # A preset's fields are those of a list.
    fields = {name: value for name, value in kept.items() if name not in ("name", "changed_at", "request_id")}
    assert client.post("/recommend", json={"user_id": 1} | fields).status_code == 200
    assert client.patch(RAINY, json={"name": "Sunny"}).json()["genres"] == ["Drama"]
    assert client.delete(RAINY).status_code == 404
    assert client.delete("/users/1/presets/Sunny").json()["name"] == "Sunny"
    assert client.get("/users/1/presets").json()["presets"] == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (RAINY, {"genres": ["Nonsense"]}, 422),
        (RAINY, {"adventure": 2}, 422),
        (RAINY, {"k": 10}, 422),
        ("/users/4711/presets/a", {}, 404),
        ("/users/1/presets/" + "x" * 41, {}, 422),
        ("/users/0/presets/a", {}, 422),
        ("/users/1/presets/%20", {}, 422),
        ("/users/1/presets/a%2Fb", {}, 404),
    ],
)
def test_what_cannot_be_kept_is_refused(client: TestClient, path: str, body: object, status: int) -> None:
    response = client.put(path, json=body)
    assert response.status_code == status
    assert set(response.json()) == {"error", "detail", "request_id"}


def test_a_name_that_is_taken_is_refused(client: TestClient) -> None:
    client.put("/users/1/presets/a", json={})
    client.put("/users/1/presets/b", json={})
    assert client.patch("/users/1/presets/a", json={"name": "b"}).status_code == 409
    for name in ("a", "b"):
        client.delete(f"/users/1/presets/{name}")
