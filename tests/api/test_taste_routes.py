"""Taste, years and time machine over HTTP."""

import pytest
from starlette.testclient import TestClient

from movieapp.api import taste
from movieapp.api.taste_shown import JourneyShown, TasteShown, YearShown
from tests.api.api_app import App

PATHS = ("taste", "years/1970", "time-machine")


def test_a_taste(client: TestClient) -> None:
    body = client.get("/users/1/taste").json()
    assert TasteShown.model_validate(body, extra="forbid")
    assert body["n_ratings"] == sum(body["stars"].values()) == 15
    assert body["genres"][0] == pytest.approx(
        {"name": "Action", "n_ratings": 8, "share": 8 / 15, "mean": 5.0}
        | {key: body["genres"][0][key] for key in ("share_of_others", "mean_of_others")}
    )


def test_a_year_and_an_empty_one(client: TestClient) -> None:
    body = client.get("/users/1/years/1970").json()
    assert YearShown.model_validate(body, extra="forbid")
    assert (body["n_rated"], body["rated_by_month"][0], body["years"]) == (15, 15, [1970])
    assert body["first"]["rated_at"] == "1970-01-01T00:16:41Z"
    empty = client.get("/users/1/years/1999")
    assert (empty.status_code, empty.json()["n_rated"], empty.json()["first"]) == (200, 0, None)


def test_a_journey(client: TestClient) -> None:
    # Everybody rated within seconds, one after the other: person 20 last, after ten films' worth of others.
    body = client.get("/users/20/time-machine", params={"k": 3}).json()
    assert JourneyShown.model_validate(body, extra="forbid")
    assert (body["cut"], body["n_left"]) == ("ratings", 0)
    assert [visit["n_before"] for visit in body["visits"]] == [5, 10]
    for visit in body["visits"]:
        assert visit["n_hits"] == sum(film["is_hit"] for film in visit["shown"])
        assert len(visit["shown"]) == len(visit["popular"]) == 3


def test_a_journey_that_takes_too_long_is_continued_next_time(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taste, "PATIENCE_S", -1.0)
    body = client.get("/users/20/time-machine").json()
    assert (body["visits"], body["n_left"]) == ([], 2)


@pytest.mark.parametrize("path", PATHS)
def test_strangers_are_404_and_what_is_not_known_is_refused(client: TestClient, path: str) -> None:
    stranger = client.get(f"/users/4711/{path}")
    assert (stranger.status_code, stranger.json()["error"]) == (404, "not_found")
    assert "There is no user 4711 yet." in stranger.json()["detail"]
    unknown = client.get(f"/users/1/{path}", params={"nonsense": 1})
    assert (unknown.status_code, unknown.json()["error"]) == (422, "invalid")
    assert client.get(f"/users/0/{path}").status_code == 422


@pytest.mark.parametrize("path", ["years/0", "years/99999", "years/next", "time-machine?k=0"])
def test_what_is_no_year_and_no_length_is_refused(client: TestClient, path: str) -> None:
    assert client.get(f"/users/1/{path}").status_code == 422


@pytest.mark.parametrize("path", PATHS)
def test_somebody_who_took_everything_back_has_an_empty_page(client: TestClient, path: str) -> None:
    client.put("/users/900/ratings/1", json={"rating": 4})
    client.delete("/users/900/ratings/1")
    assert client.get(f"/users/900/{path}").status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_before_the_ratings_are_in_it_works_later(empty: App, path: str) -> None:
    response = empty.client.get(f"/users/1/{path}")
    assert (response.status_code, response.json()["error"]) == (503, "not_ready")
