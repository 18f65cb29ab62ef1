"""People with names, what they keep, and undoing it, over HTTP."""

import pytest
from starlette.testclient import TestClient

from movieapp.api.people_shown import DeletedShown, KeptShown, ProfileShown, ProfilesShown, ToldShown
from tests.api.api_app import App
from tests.rows import rows


def listed(client: TestClient, user_id: int) -> list[int]:
    body = client.post("/recommend", json={"user_id": user_id, "k": 500}).json()
    return [result["movie_id"] for result in body["results"]]


def test_making_changing_and_listing_people(client: TestClient) -> None:
    assert client.get("/profiles").json()["profiles"] == []
    ana = client.post("/profiles", json={"name": " Ana  María "}).json()
    assert ProfileShown.model_validate(ana, extra="forbid")
    assert (ana["name"], ana["n_ratings"], ana["user_id"]) == ("Ana María", 0, 21)
    bea = client.post("/profiles", json={"name": "Bea", "color": "#AABBCC"}).json()
    assert (bea["color"], bea["user_id"]) == ("#aabbcc", 22)
    assert ana["color"] != bea["color"]
    client.put(f"/users/{ana['user_id']}/ratings/1", json={"rating": 4})
    changed = client.patch(f"/profiles/{ana['user_id']}", json={"name": "ANA MARÍA"}).json()
    assert changed == ana | {"name": "ANA MARÍA", "n_ratings": 1, "request_id": changed["request_id"]}
    body = client.get("/profiles").json()
    assert ProfilesShown.model_validate(body, extra="forbid")
    assert [one["name"] for one in body["profiles"]] == ["ANA MARÍA", "Bea"]
    assert client.get(f"/users/{bea['user_id']}").json()["source"] == "app"


def test_whoever_was_made_by_a_rating_gets_a_name_that_stays(app: App) -> None:
    client = app.client
    assert client.put("/users/9001/ratings/1", json={"rating": 4}).status_code == 200
    nameless = client.patch("/profiles/9001", json={"color": "#aabbcc"})
    assert (nameless.status_code, "no profile 9001" in nameless.json()["detail"]) == (404, True)
    eva = client.patch("/profiles/9001", json={"name": "Eva"}).json()
    assert ProfileShown.model_validate(eva, extra="forbid")
    assert (eva["name"], eva["user_id"], eva["n_ratings"]) == ("Eva", 9001, 1)
    changed = client.patch("/profiles/9001", json={"color": "#aabbcc"}).json()
    assert (changed["name"], changed["color"]) == ("Eva", "#aabbcc")
    app.profiles.load()
    assert [(one.user_id, one.name, one.color) for one in app.profiles.named()] == [(9001, "Eva", "#aabbcc")]
    taken = client.post("/profiles", json={"name": "eva"})
    assert taken.status_code == 409


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "/profiles", {"name": "ana"}, 409, "named ana already"),
        ("PATCH", "/profiles/22", {"name": "ANA"}, 409, "Choose another name"),
        ("POST", "/profiles", {"name": "  "}, 422, "1 to 40 characters"),
        ("POST", "/profiles", {"name": "a\u0000b"}, 422, "can be seen"),
        ("POST", "/profiles", {"name": "a" * 41}, 422, "at most 40 characters"),
        ("POST", "/profiles", {}, 422, "name is missing"),
        ("POST", "/profiles", {"name": "Eva", "color": "red"}, 422, "color"),
        ("PATCH", "/profiles/22", {}, 422, "Give name, color or both"),
        ("PATCH", "/profiles/1", {"name": "Eva"}, 404, "no profile 1"),
        ("DELETE", "/profiles/4711", None, 404, "no user 4711"),
        ("DELETE", "/profiles/1", None, 409, "person of the release"),
    ],
)
def test_what_cannot_be_is_refused(
    client: TestClient, method: str, path: str, body: object, status: int, says: str
) -> None:
    for name in ("Ana", "Bea"):
        assert client.post("/profiles", json={"name": name}).status_code == 200
    response = client.request(method, path, json=body)
    assert (response.status_code, says in response.json()["detail"]) == (status, True), response.text


def test_deleting_somebody_leaves_a_stranger_and_nothing_of_theirs(app: App) -> None:
    client = app.client
    ana = client.post("/profiles", json={"name": "Ana"}).json()["user_id"]
    assert client.put(f"/users/{ana}/ratings/1", json={"rating": 5}).status_code == 200
    told = client.put(f"/users/{ana}/notes/2", json={"note": "Well."}).json()
    for noun in ("watchlist/3", "unlearned/1"):
        assert client.put(f"/users/{ana}/{noun}").status_code == 200
    client.put(f"/users/{ana}/opinions/4", json={"opinion": "hide"})
    client.put(f"/users/{ana}/watches/5", json={})
    listed(client, ana)
    app.log.start()
    app.log.close()
    counts = app.profiles.n_users, app.profiles.n_ratings
    body = client.delete(f"/profiles/{ana}").json()
    assert DeletedShown.model_validate(body, extra="forbid")
    assert (app.profiles.n_users, app.profiles.n_ratings) == (counts[0] - 1, counts[1] - 1)
    for table in (
        *("users", "ratings", "feedback", "requests", "profiles"),
        *("opinions", "watches", "watchlist", "notes", "unlearned"),
    ):
        assert rows(app.database, f"from {table} where user_id = {ana}").is_empty(), table
    assert client.get(f"/users/{ana}").status_code == 404
    assert client.get(f"/users/{ana}/watchlist").json()["films"] == []
    assert client.delete(f"/feedback/{told['event_id']}").status_code == 404
    assert client.post("/recommend", json={"user_id": ana}).json()["is_fallback"]
    assert client.get("/profiles").json()["profiles"] == []
    assert client.post("/profiles", json={"name": "Ana"}).json()["user_id"] == ana + 1
    client.put(f"/users/{ana}/ratings/1", json={"rating": 4})
    app.profiles.load()
    assert client.get(f"/users/{ana}").json()["n_ratings"] == 1


def test_somebody_without_a_name_can_be_deleted(client: TestClient) -> None:
    client.put("/users/900/ratings/1", json={"rating": 4})
    assert client.delete("/profiles/900").json()["user_id"] == 900
    assert client.get("/users/900").status_code == 404
    assert 900 not in [user["user_id"] for user in client.get("/users").json()["users"]]


@pytest.mark.parametrize(
    ("noun", "body", "field", "is_out"),
    [
        ("watchlist", None, "listed_at", False),
        ("watches", {"watched_on": "2025-12-24"}, "watches", True),
        ("notes", {"note": "Well, ½ ☃"}, "note", False),
        ("opinions", {"opinion": "hide"}, "opinion", True),
        ("opinions", {"opinion": "dislike"}, "opinion", True),
        ("opinions", {"opinion": "like"}, "opinion", False),
        ("unlearned", None, "unlearned_at", True),
    ],
)
def test_every_noun_is_kept_listed_and_taken_back(
    client: TestClient, noun: str, body: object, field: str, is_out: bool
) -> None:
    first = listed(client, 1)[0]
    address = f"/users/1/{noun}/{first}"
    told = client.put(address, json=body).json()
    assert ToldShown.model_validate(told, extra="forbid")
    assert told[field]
    assert (first in listed(client, 1)) is not is_out
    kept = client.get(f"/users/1/{noun}").json()
    assert KeptShown.model_validate(kept, extra="forbid")
    (film,) = kept["films"]
    assert film["movie_id"] == first
    assert film["title"]
    assert film.items() <= told.items()
    again = client.delete(address)
    assert not again.json()[field]
    assert client.get(f"/users/1/{noun}").json()["films"] == []
    assert first == listed(client, 1)[0]
    assert client.delete(address).status_code == 404
    undone = client.delete(f"/feedback/{again.json()['event_id']}").json()
    assert ToldShown.model_validate(undone, extra="forbid")
    assert undone[field] == told[field]


def test_the_latest_come_first(client: TestClient) -> None:
    for movie_id in (3, 1, 2):
        client.put(f"/users/900/watchlist/{movie_id}")
    films = client.get("/users/900/watchlist").json()["films"]
    assert sorted(film["movie_id"] for film in films) == [1, 2, 3]
    client.put("/users/900/ratings/1", json={"rating": 5})
    films = client.get("/users/900/watchlist").json()["films"]
    assert sorted(film["movie_id"] for film in films) == [2, 3]


def test_one_viewing_of_several_is_taken_back(client: TestClient) -> None:
    for day in ("2025-12-24", "2025-12-25", "2025-12-25"):
        client.put("/users/900/watches/1", json={"watched_on": day})
    one = client.delete("/users/900/watches/1", params={"watched_on": "2025-12-24"}).json()
    assert one["watches"] == [{"watched_on": "2025-12-25", "is_rewatch": True}]
    assert client.delete("/users/900/watches/1", params={"watched_on": "1999-01-01"}).status_code == 404


def test_an_undone_rating_is_the_old_one_with_its_old_instant(client: TestClient) -> None:
    before = client.get("/users/1/ratings").json()["ratings"]
    told = client.put("/users/1/ratings/2", json={"rating": 0.5}).json()
    gone = client.delete("/users/1/ratings/2").json()
    assert client.delete(f"/feedback/{told['event_id']}").status_code == 409
    for event_id in (gone["event_id"], told["event_id"]):
        assert client.delete(f"/feedback/{event_id}").status_code == 200
    assert client.get("/users/1/ratings").json()["ratings"] == before


def test_events_keep_and_take_back(client: TestClient) -> None:
    def tell(event_type: str, **rest: object) -> int:
        event = {"user_id": 900, "movie_id": 1, "event_type": event_type, **rest}
        return client.post("/feedback", json=event).status_code

    assert tell("note", note="Good.") == tell("watched", watched_on="2025-12-24") == tell("unlearned") == 200
    assert client.get("/users/900/notes").json()["films"][0]["note"] == "Good."
    assert client.get("/users/900/watches").json()["films"][0]["watches"][0]["watched_on"] == "2025-12-24"
    for event_type in ("note_removed", "watched_removed", "unlearned_removed"):
        assert (tell(event_type), tell(event_type)) == (200, 404)
    assert tell("note") == tell("note", note="") == tell("like", note="x") == 422
    assert tell("watched", watched_on="3000-01-01") == tell("watched", watched_on="tomorrow") == 422


def test_lists_for_somebody_leave_out_what_they_have_seen(client: TestClient) -> None:
    client.put("/users/900/ratings/1", json={"rating": 5})
    client.put("/users/900/opinions/3", json={"opinion": "hide"})
    for ask in (
        lambda **who: client.post("/similar", json={"movie_id": 2, "k": 500, **who}),
        lambda **who: client.get("/popular", params={"k": 500, **who}),
    ):
        everybody = [film["movie_id"] for film in ask().json()["results"]]
        theirs = [film["movie_id"] for film in ask(user_id=900).json()["results"]]
        assert {1, 3} <= set(everybody)
        assert theirs == [movie_id for movie_id in everybody if movie_id not in (1, 3)]
    ranked = client.post("/rank", json={"user_id": 900, "candidate_movie_ids": [1, 3]}).json()["results"]
    assert {film["movie_id"] for film in ranked} == {1, 3}


@pytest.mark.parametrize(
    ("what", "told", "says"),
    [
        ("opinions", {"opinion": "hat"}, "opinion has to be 'like', 'dislike' or 'hide'."),
        ("opinions", {"opinion": "watched"}, "opinion has to be 'like', 'dislike' or 'hide'."),
        ("opinions", {"opinion": ["like"]}, "opinion has to be 'like', 'dislike' or 'hide'."),
        ("watches", {"watched_on": "today"}, 'watched_on has to be a day such as 2026-01-31, not "today".'),
        ("watches", {"watched_on": "2026-13-01"}, 'a day such as 2026-01-31, not "2026-13-01".'),
    ],
)
def test_a_refusal_says_what_would_be_taken(
    client: TestClient, what: str, told: dict[str, object], says: str
) -> None:
    ana = client.post("/profiles", json={"name": "Ana"}).json()["user_id"]
    refused = client.put(f"/users/{ana}/{what}/4", json=told)
    assert refused.status_code == 422, refused.text
    assert refused.json()["detail"].endswith(says)
