"""The documentation works without a network, and describes every route."""

import re

from starlette.testclient import TestClient


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


def test_every_route_is_described(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == {
        "/recommend",
        "/similar",
        "/popular",
        "/rank",
        "/recommendation/ranked_recommendation",
        "/movie/{movie_id}",
        "/movies/search",
        "/users",
        "/users/{user_id}",
        "/users/{user_id}/ratings",
        "/users/{user_id}/ratings/{movie_id}",
        "/feedback",
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
            for status in well:
                assert "$ref" in route["responses"][status]["content"]["application/json"]["schema"], path
            for status, answer in route["responses"].items():
                if status not in well:
                    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Problem"), path


def test_the_root_leads_to_the_pages(client: TestClient) -> None:
    response = client.get("/", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (307, "/ui/")
