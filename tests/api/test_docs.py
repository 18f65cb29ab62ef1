"""The documentation works without a network, and describes every route."""

import re

from starlette.testclient import TestClient

import movieapp

# What these answer with is a file.
FILES = ("/imports/{import_id}/unmatched.csv", "/users/{user_id}/export", "/posters/{movie_id}")


def test_the_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(addresses) == 3
    for address in addresses:
        assert address.startswith("/docs/")
        response = client.get(address)
        assert response.status_code == 200
        assert len(response.content) > 500
    assert "http" not in re.sub(r"https?://127\.0\.0\.1\S*", "", page)


def test_the_version_is_that_of_the_project(client: TestClient) -> None:
    assert client.get("/openapi.json").json()["info"]["version"] == movieapp.__version__


def test_every_route_is_described(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == {
        "/recommend",
        "/together",
        "/welcome/films",
        "/welcome/answers",
        "/similar",
        "/popular",
        "/rank",
        "/recommendation/ranked_recommendation",
        "/movie/{movie_id}",
        "/movies/search",
        "/posters/{movie_id}",
        "/users",
        "/users/{user_id}",
        "/users/{user_id}/ratings",
        "/users/{user_id}/taste",
        "/users/{user_id}/years/{year}",
        "/users/{user_id}/time-machine",
        "/users/{user_id}/ratings/{movie_id}",
        "/feedback",
        "/feedback/{event_id}",
        "/home",
        "/aims",
        "/users/{user_id}/presets",
        "/users/{user_id}/presets/{name}",
        "/profiles",
        "/profiles/{user_id}",
        "/users/{user_id}/export",
        "/imports",
        "/imports/{import_id}",
        "/imports/{import_id}/unmatched.csv",
        "/users/{user_id}/watchlist",
        "/users/{user_id}/watchlist/{movie_id}",
        "/users/{user_id}/watches",
        "/users/{user_id}/watches/{movie_id}",
        "/users/{user_id}/notes",
        "/users/{user_id}/notes/{movie_id}",
        "/users/{user_id}/opinions",
        "/users/{user_id}/opinions/{movie_id}",
        "/users/{user_id}/unlearned",
        "/users/{user_id}/unlearned/{movie_id}",
        "/health",
        "/explain",
        "/jobs",
        "/jobs/{name}",
        "/monitoring/summary",
        "/monitoring/endpoints",
        "/monitoring/versions",
        "/monitoring/hours",
        "/monitoring/days",
        "/monitoring/drift",
    }
    for path, methods in schema["paths"].items():
        for route in methods.values():
            assert route["summary"], path
            assert route["description"], path
            well = {"200", "202"} & set(route["responses"])
            for status in well - ({"200"} if path in FILES else set()):
                assert "$ref" in route["responses"][status]["content"]["application/json"]["schema"], path
            for status, answer in route["responses"].items():
                if status not in well:
                    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Problem"), path


def test_the_root_leads_to_the_pages(client: TestClient) -> None:
    response = client.get("/", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (307, "/ui/")
