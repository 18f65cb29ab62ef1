"""Files of other services in, and everything out again, over HTTP."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from movieapp.api.people_shown import ImportShown, TakenInShown
from movieapp.errors import NotFound
from movieapp.serving.imports import KEPT_S, Imports
from tests.api.api_app import NOW, App

RATINGS = """Date,Name,Year,Letterboxd URI,Rating
2024-01-05,The Action 1,1981,u,5
2024-01-06,The Action 3,1983,u,4.5
2024-01-07,The Action 55,1982,u,5
2024-01-08,Nowhere,1999,u,1
"""


def look(client: TestClient, text: str | bytes, name: str = "ratings.csv") -> dict:
    response = client.post("/imports", params={"name": name}, content=text)
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_a_file_is_looked_at_then_taken_in_and_changes_the_list(client: TestClient) -> None:
    seen = look(client, RATINGS)
    assert ImportShown.model_validate(seen, extra="forbid")
    assert (seen["service"], seen["n_by_kind"]) == ("Letterboxd", {"rating": 4})
    assert (seen["n_matched"], seen["n_doubtful"], seen["n_unmatched"]) == (2, 1, 1)
    assert seen["unmatched"] == [{"title": "Nowhere", "year": 1999, "n_rows": 1}]
    chosen = seen["doubtful"][0]["candidates"][0]["movie_id"]
    address = f"/imports/{seen['import_id']}"
    assert client.get(address).json() | {"request_id": ""} == seen | {"request_id": ""}
    assert client.get("/users").json()["users"][0]["user_id"] != 900

    done = client.post(address, json={"user_id": 900, "choices": {"0": chosen}}).json()
    assert TakenInShown.model_validate(done, extra="forbid")
    assert (done["n_changes"], done["n_ratings"]) == (3, 3)
    listed = client.post("/recommend", json={"user_id": 900, "k": 500}).json()
    assert not listed["is_fallback"]
    assert not {1, 3, chosen} & {film["movie_id"] for film in listed["results"]}
    rated = client.get("/users/900/ratings").json()["ratings"]
    assert [(one["movie_id"], one["rating"]) for one in rated] == [(chosen, 5.0), (3, 4.5), (1, 5.0)]
    assert rated[2]["rated_at"] == "2024-01-05T00:00:00Z"

    assert client.post(address, json={"user_id": 900, "choices": {"0": chosen}}).json()["n_changes"] == 0
    again = look(client, RATINGS)["import_id"]
    assert client.post(f"/imports/{again}", json={"user_id": 900}).json()["n_changes"] == 0


def test_overwriting_is_asked_for(client: TestClient) -> None:
    client.put("/users/900/ratings/1", json={"rating": 0.5})
    import_id = look(client, RATINGS)["import_id"]
    kept = client.post(f"/imports/{import_id}", json={"user_id": 900}).json()
    assert (kept["n_ratings"], kept["n_overwritten"], kept["n_kept"]) == (1, 0, 1)
    done = client.post(f"/imports/{import_id}", json={"user_id": 900, "overwrite": True}).json()
    assert (done["n_overwritten"], done["n_kept"]) == (1, 0)
    assert client.get("/users/900").json()["mean_rating"] == 4.75


def test_what_is_not_matched_comes_as_csv(client: TestClient) -> None:
    response = client.get(f"/imports/{look(client, RATINGS)['import_id']}/unmatched.csv")
    assert response.headers["content-type"].startswith("text/csv")
    assert response.headers["content-disposition"] == 'attachment; filename="unmatched.csv"'
    (line,) = csv.DictReader(io.StringIO(response.text))
    assert (line["row"], line["title"], line["stars"]) == ("5", "Nowhere", "1.0")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_everything_goes_out_and_comes_back_as_somebody_elses(client: TestClient, form: str) -> None:
    ana = client.post("/profiles", json={"name": "Ana"}).json()["user_id"]
    client.post(f"/imports/{look(client, RATINGS)['import_id']}", json={"user_id": ana})
    client.put(f"/users/{ana}/watchlist/4")
    client.put(f"/users/{ana}/notes/1", json={"note": 'She said: "½".\nAnd left.'})
    client.put(f"/users/{ana}/opinions/6", json={"opinion": "hide"})
    client.put(f"/users/{ana}/watches/5", json={"watched_on": "2025-12-24"})
    client.put(f"/users/{ana}/unlearned/3")
    out = client.get(f"/users/{ana}/export", params={"format": form})
    assert out.headers["content-disposition"] == f'attachment; filename="user-{ana}.{form}"'
    seen = look(client, out.content, f"ana.{form}")
    assert (seen["profile_name"], seen["n_doubtful"], seen["n_unmatched"]) == ("Ana", 0, 0)
    done = client.post(f"/imports/{seen['import_id']}", json={"user_id": 900}).json()
    assert done["n_changes"] == 7

    def lists(user_id: int) -> list:
        body = client.post("/recommend", json={"user_id": user_id, "k": 500}).json()
        return [(film["movie_id"], film["score"], film["reasons"]) for film in body["results"]]

    assert lists(900) == lists(ana)
    for noun in ("watchlist", "notes", "opinions", "watches", "unlearned", "ratings"):
        bodies = [client.get(f"/users/{user_id}/{noun}").json() for user_id in (900, ana)]
        assert bodies[0] | {"user_id": 0, "request_id": ""} == bodies[1] | {"user_id": 0, "request_id": ""}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (
            "ratings.csv",
            RATINGS.replace("u,5\n", "u,7\n"),
            "ratings.csv, row 2: the rating '7' is not 0.5 to 5",
        ),
        ("ratings.csv", RATINGS.replace("2024-01-06", "soon"), "row 3: the date 'soon'"),
        ("ratings.csv", "", "is empty"),
        ("x.csv", "a,b\n1,2\n", "of no service"),
        ("x.bin", b"\x00\xff\x00", "no text"),
        ("x.zip", b"PK\x03\x04nonsense", "no whole zip"),
        ("x.json", b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_bad_file_is_refused_with_row_and_reason(
    client: TestClient, name: str, content: str | bytes, says: str
) -> None:
    response = client.post("/imports", params={"name": name}, content=content)
    assert (response.status_code, response.json()["error"]) == (422, "invalid")
    assert says in response.json()["detail"]


def test_a_bomb_and_a_huge_file_are_refused(client: TestClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(5):
            archive.writestr(f"ratings-{n}.csv", b" " * 45_000_000)
    assert len(packed.getvalue()) < 1_000_000
    response = client.post("/imports", params={"name": "x.zip"}, content=packed.getvalue())
    assert (response.status_code, "more than an export can have" in response.text) == (422, True)
    response = client.post("/imports?name=x.csv", content=b"", headers={"content-length": "50000001"})
    assert (response.status_code, response.json()["error"]) == (413, "too_large")
    assert "50,000,000" in response.json()["detail"]


def test_what_is_not_there_and_what_is_wrong(client: TestClient) -> None:
    import_id = look(client, RATINGS)["import_id"]
    for response, status in (
        (client.get("/imports/nonsense"), 404),
        (client.get("/imports/nonsense/unmatched.csv"), 404),
        (client.post("/imports/nonsense", json={"user_id": 900}), 404),
        (client.post("/imports", content=RATINGS), 422),
        (client.post(f"/imports/{import_id}", json={}), 422),
        (client.post(f"/imports/{import_id}", json={"user_id": 900, "choices": {"0": 21}}), 422),
        (client.post(f"/imports/{import_id}", json={"user_id": 900, "choices": {"9": 1}}), 422),
        (client.post(f"/imports/{import_id}", json={"user_id": 900, "choices": {"x": 1}}), 422),
        (client.get("/users/900/export"), 404),
        (client.get("/users/1/export?format=xml"), 422),
    ):
        assert response.status_code == status, response.text


def test_before_the_films_are_in_nothing_can_be_matched(empty: App) -> None:
    response = empty.client.post("/imports", params={"name": "ratings.csv"}, content=RATINGS)
    assert (response.status_code, response.json()["error"]) == (503, "not_ready")


def test_a_preview_waits_for_an_hour_and_only_so_many_rows_wait(app: App) -> None:
    seconds = 0.0
    imports = Imports(app.database, app.profiles, timer=lambda: seconds, most_rows=10)
    first = imports.look("ratings.csv", RATINGS.encode()).import_id
    seconds = timedelta(minutes=59).total_seconds()
    assert imports.waiting(first).name == "ratings.csv"
    seconds = KEPT_S + 1.0
    with pytest.raises(NotFound, match="an hour"):
        imports.take_in(first, 900, now=NOW)
    ids = [imports.look("ratings.csv", RATINGS.encode()).import_id for _ in range(3)]
    with pytest.raises(NotFound):
        imports.waiting(ids[0])
    assert imports.waiting(ids[2])
