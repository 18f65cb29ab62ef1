"""Lists of films over HTTP."""

import uuid
from typing import Any

import pytest
from starlette.testclient import TestClient

from movieapp.api.shown import ListShown, RankedShown
from tests.api.api_app import App
from tests.rows import rows


def titles(body: dict[str, Any]) -> list[str]:
    return [result["title"] for result in body["results"]]


def ask(client: TestClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Post, and expect a list in exactly the documented form."""
    response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    found: dict[str, Any] = response.json()
    shown = RankedShown if "rank" in path else ListShown
    assert shown.model_validate(found, strict=False, extra="forbid")
    assert set(found) == set(shown.model_fields)
    assert response.headers["x-request-id"] == found["request_id"]
    assert uuid.UUID(found["request_id"])
    return found


def test_a_known_person_gets_unseen_films_of_their_taste(client: TestClient) -> None:
    body = ask(client, "/recommend", {"user_id": 1, "k": 2})
    assert (body["user_id"], body["model_version"], body["is_fallback"], body["notice"]) == (
        1,
        "3",
        False,
        None,
    )
    assert all(title.startswith("Action") for title in titles(body))
    scores = [result["score"] for result in body["results"]]
    assert scores == sorted(scores, reverse=True)
    assert any(reason.startswith("because_you_liked:Action") for reason in body["results"][0]["reasons"])


def test_a_stranger_gets_popular_films_and_is_told_so(client: TestClient) -> None:
    body = ask(client, "/recommend", {"user_id": 4711, "genres": ["drama"]})
    assert body["is_fallback"]
    assert "no ratings yet" in body["notice"]
    assert {result["genres"][0] for result in body["results"]} == {"Drama"}


def test_a_rating_counts_in_the_next_list(client: TestClient) -> None:
    for movie in (1, 2, 3):
        assert client.put(f"/users/4711/ratings/{movie}", json={"rating": 5}).status_code == 200
    body = ask(client, "/recommend", {"user_id": 4711, "k": 3})
    assert not body["is_fallback"]
    assert all(title.startswith("Action") for title in titles(body))


def test_filters_reach_the_recommender(client: TestClient) -> None:
    asked = {"user_id": 1, "exclude_seen": False, "exclude_genres": ["Action"], "year_from": 1995, "k": 500}
    body = ask(client, "/recommend", asked | {"year_to": 1998})
    assert sorted(result["release_year"] for result in body["results"]) == [1995, 1996, 1997, 1998]


@pytest.mark.parametrize("seeds", [{"movie_id": 1}, {"movie_ids": [1, 2, 3]}])
def test_similar_films_are_of_the_same_taste(client: TestClient, seeds: dict[str, Any]) -> None:
    body = ask(client, "/similar", seeds | {"k": 3})
    assert len(body["results"]) == 3
    assert all(title.startswith("Action") for title in titles(body))
    assert any(reason.startswith("similar_to:") for reason in body["results"][0]["reasons"])


@pytest.mark.parametrize("movie_id", [21, 99])
def test_a_movie_unknown_to_the_model_is_explained_and_noted(app: App, movie_id: int) -> None:
    response = app.client.post("/similar", json={"movie_id": movie_id})
    assert response.status_code == 404
    assert response.json()["error"] == "not_found"
    assert "It is noted" in response.json()["detail"]
    assert ("a film needs 10 ratings" in response.json()["detail"]) == (movie_id == 21)
    app.log.flush()
    assert rows(app.database, "select movie_id from unknown_movies").rows() == [(movie_id,)]


def test_popular_takes_its_filters_from_the_query(client: TestClient) -> None:
    query = "/popular?k=500&genre=action&genre=drama&window=all&year_from=1989&year_to=1992"
    body = client.get(query).json()
    assert ListShown.model_validate(body)
    assert sorted(result["movie_id"] for result in body["results"]) == [9, 10, 11, 12]
    assert body["user_id"] is None


def test_popular_takes_genres_as_the_other_requests_do(client: TestClient) -> None:
    def found(query: str) -> set[str]:
        results = client.get(f"/popular?k=500&{query}").json()["results"]
        return {genre for result in results for genre in result["genres"]}

    assert found("genres=action") == found("genre=action") == found("exclude_genres=drama") == {"Action"}
    assert found("genre=action&genres=drama") == {"Action", "Drama"}
    assert found("genres=action&exclude_genres=action") == set()


def test_a_set_of_candidates_comes_back_ranked_with_the_unknown_apart(client: TestClient) -> None:
    by_id = ask(client, "/rank", {"user_id": 1, "candidate_movie_ids": [11, 12, 1, 99]})
    assert titles(by_id)[0].startswith("Action")
    assert len(by_id["results"]) == 3
    assert by_id["unknown_candidates"] == ["99"]
    names = ["Drama 11, The (1991)", "The Action 1", "No Such Film (1900)"]
    by_title = ask(client, "/rank", {"user_id": 1, "candidate_movies": names})
    assert [result["movie_id"] for result in by_title["results"]] == [1, 11]
    assert by_title["unknown_candidates"] == ["No Such Film (1900)"]
    (taken,) = by_title["taken_for"]
    assert (taken["asked"], taken["movie_id"]) == ("The Action 1", 1)


@pytest.mark.parametrize("user_id", [1, 4711])
def test_candidates_that_are_all_unknown_give_an_empty_list_that_says_why(
    client: TestClient, user_id: int
) -> None:
    body = ask(client, "/rank", {"user_id": user_id, "candidate_movies": ["No Such Film (1900)"]})
    assert (body["results"], body["unknown_candidates"]) == ([], ["No Such Film (1900)"])
    assert "None of the candidates is a film of this release" in body["notice"]
    assert "/movies/search" in body["notice"]


def test_rank_without_candidates_ranks_everything(client: TestClient) -> None:
    body = ask(client, "/rank", {"user_id": 1})
    assert body["unknown_candidates"] == []
    assert titles(body) == titles(ask(client, "/recommend", {"user_id": 1}))


@pytest.mark.parametrize("user_id", ["2", 2])
def test_the_ranked_recommendation_takes_ids_as_text(client: TestClient, user_id: str | int) -> None:
    names = ["Action 1, The (1981)", "Drama 11, The (1991)"]
    asked = {"user_id": user_id, "candidate_movies": names}
    body = ask(client, "/recommendation/ranked_recommendation", asked)
    assert titles(body) == names[::-1]


def test_every_list_is_logged_and_failures_too(app: App) -> None:
    app.client.post("/recommend", json={"user_id": 1})
    app.client.get("/popular")
    app.client.post("/similar", json={"movie_id": 99})
    app.client.post("/recommend", json={"user_id": "x"})
    app.client.post("/recommend", json={"user_id": 1, "genres": ["Nonsense"]})
    app.log.flush()
    assert rows(app.database, "select endpoint, status from requests order by all").rows() == [
        ("popular", 200),
        ("recommend", 200),
        ("recommend", 422),
        ("recommend", 422),
        ("similar", 404),
    ]


def test_a_refusal_has_the_id_under_which_it_is_logged(app: App) -> None:
    response = app.client.post("/similar", json={"movie_id": 99})
    app.log.flush()
    logged = rows(app.database, "select request_id::varchar from requests").rows()
    assert [(response.json()["request_id"],)] == logged
    assert response.headers["x-request-id"] == response.json()["request_id"]


def test_before_the_ratings_are_in_every_list_says_when_to_come_back(empty: App) -> None:
    for path, body in (
        ("/recommend", {"user_id": 1}),
        ("/similar", {"movie_id": 1}),
        ("/rank", {"user_id": 1}),
    ):
        response = empty.client.post(path, json=body)
        assert (response.status_code, response.json()["error"]) == (503, "not_ready")
    assert empty.client.get("/popular").status_code == 503
    assert empty.client.get("/movies/search?q=a").status_code == 503
    assert empty.client.get("/movie/1").status_code == 503
