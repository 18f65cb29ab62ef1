"""Films one by one over HTTP."""

from starlette.testclient import TestClient

from movieapp.api.shown import DetailsShown, FilmsShown


def test_a_film_has_its_statistics(client: TestClient) -> None:
    body = client.get("/movie/1").json()
    assert DetailsShown.model_validate(body, extra="forbid")
    assert (body["title"], body["release_year"], body["genres"]) == ("Action 1, The (1981)", 1981, ["Action"])
    assert (body["overview"], body["tmdb_vote_avg"], body["poster_url"]) == (None, None, None)
    statistics = body["statistics"]
    assert list(statistics["histogram"]) == [f"{half / 2}" for half in range(1, 11)]
    assert sum(statistics["histogram"].values()) == statistics["n_ratings"] == 15
    assert statistics["histogram"]["5.0"] == 5


def test_an_unrated_film_has_no_mean(client: TestClient) -> None:
    assert client.get("/movie/21").json()["statistics"]["mean_rating"] is None


def test_an_unknown_film_is_404(client: TestClient) -> None:
    response = client.get("/movie/4711")
    assert (response.status_code, response.json()["error"]) == (404, "not_found")


def test_search_finds_beginnings_of_words(client: TestClient) -> None:
    body = client.get("/movies/search", params={"q": "dra 1", "limit": 3}).json()
    assert FilmsShown.model_validate(body, extra="forbid")
    assert [film["title"][:7] for film in body["results"]] == ["Drama 1"] * 3


def test_search_forgives_typing_mistakes(client: TestClient) -> None:
    body = client.get("/movies/search", params={"q": "darma 12", "limit": 3}).json()
    assert [film["title"] for film in body["results"]] == ["Drama 12, The (1992)"]


def test_a_film_without_metadata_has_nulls_and_empty_lists(client: TestClient) -> None:
    body = client.get("/movie/1").json()
    said = {name: body[name] for name in ("runtime", "released_on", "directors", "cast", "keywords")}
    assert said == {"runtime": None, "released_on": None, "directors": [], "cast": [], "keywords": []}


def test_a_film_without_a_poster_has_none_to_send(client: TestClient) -> None:
    response = client.get("/posters/1")
    assert (response.status_code, response.json()["error"]) == (404, "not_found")


def test_search_for_nothing_known_finds_nothing(client: TestClient) -> None:
    assert client.get("/movies/search", params={"q": "\x00 ☃ %"}).json()["results"] == []
