"""The first visit and the evening together over HTTP."""

from starlette.testclient import TestClient

from movieapp.api.together import TogetherShown
from movieapp.api.welcome import AnswerShown, WallShown


def test_a_first_visit_from_the_first_film_to_the_list(client: TestClient) -> None:
    wall = client.get("/welcome/films", params={"k": 4}).json()
    assert WallShown.model_validate(wall, extra="forbid")
    assert len(wall["results"]) == 4
    asked: dict[str, object] = {"movie_id": 1, "opinion": "loved"}
    answered = client.post("/welcome/answers", json=asked).json()
    assert AnswerShown.model_validate(answered, extra="forbid")
    assert (answered["rating"], answered["n_ratings"]) == (5.0, 1)
    person = answered["user_id"]
    for movie_id, opinion in ((2, "liked"), (11, "not_for_me")):
        asked = {"user_id": person, "movie_id": movie_id, "opinion": opinion}
        answered = client.post("/welcome/answers", json=asked).json()
    assert (answered["user_id"], answered["rating"], answered["n_ratings"]) == (person, 2.0, 3)
    films = client.get("/welcome/films", params={"user_id": person, "not_known": [3], "shown": [4], "k": 3})
    ids = {film["movie_id"] for film in films.json()["results"]}
    assert not ids & {1, 2, 3, 4, 11}
    listed = client.post("/recommend", json={"user_id": person, "k": 3}).json()
    assert not listed["is_fallback"]
    assert client.delete(f"/feedback/{answered['event_id']}").status_code == 200
    assert client.get(f"/users/{person}/ratings").json()["n_ratings"] == 2


def test_an_answer_that_makes_no_sense_is_refused(client: TestClient) -> None:
    refused = client.post("/welcome/answers", json={"movie_id": 1, "opinion": "meh"})
    assert refused.status_code == 422
    assert "'loved', 'liked' or 'not_for_me'" in refused.json()["detail"]
    assert client.post("/welcome/answers", json={"movie_id": 999, "opinion": "liked"}).status_code == 404
    assert client.get("/welcome/films?user=1").status_code == 422


def test_a_list_for_two(client: TestClient) -> None:
    asked = {"user_ids": [1, 5, 4711], "fairness": 1.0, "k": 5, "vetoes": [3]}
    response = client.post("/together", json=asked)
    assert response.status_code == 200, response.text
    body = response.json()
    assert TogetherShown.model_validate(body, extra="forbid")
    assert (body["user_ids"], body["strangers"], body["scale"]) == ([1, 5], [4711], "percentile")
    assert "User 4711 has not rated" in body["notice"]
    assert body["results"]
    for result in body["results"]:
        assert result["movie_id"] != 3
        assert [one["user_id"] for one in result["people"]] == [1, 5]
        assert result["score"] == min(one["percentile"] for one in result["people"])
    assert response.headers["x-request-id"] == body["request_id"]


def test_an_evening_without_anybody_is_refused(client: TestClient) -> None:
    response = client.post("/together", json={"user_ids": []})
    assert response.status_code == 422
    assert "user_ids has to have at least 1 entry" in response.json()["detail"]
