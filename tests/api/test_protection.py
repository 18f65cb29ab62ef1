"""Who is let in: hosts, origins, sizes; and the headers on every answer."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.api.api_app import App

ASK = {"user_id": 1}


@pytest.fixture
def client(served: App) -> TestClient:
    """A client for tests in which nobody changes anything: that is refused, or only asked for."""
    return served.client


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8080", "localhost:8080", "LocalHost", "[::1]:8080", "[::1]"]
)
def test_this_machine_is_served(client: TestClient, host: str) -> None:
    assert client.get("/popular", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8080",
        "localhost@evil",
        "[::1",
        "",
        "a:b:c",
        "::1",
    ],
)
def test_other_host_names_are_refused(client: TestClient, host: str) -> None:
    response = client.get("/popular", headers={"host": host})
    assert (response.status_code, response.json()["error"]) == (400, "unknown_host")
    assert """MOVIEAPP_ALLOWED_HOSTS='["name"]'""" in response.json()["detail"]
    assert response.json()["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"origin": "http://localhost:8080"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
    ],
)
def test_writes_of_other_origins_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    for response in (
        client.post("/recommend", json=ASK, headers=headers),
        client.put("/users/1/ratings/1", json={"rating": 4}, headers=headers),
        client.delete("/users/1/ratings/1", headers=headers),
    ):
        assert (response.status_code, response.json()["error"]) == (403, "cross_origin")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://127.0.0.1:8080"},
        {"origin": "http://127.0.0.1:8080", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
def test_writes_of_the_own_pages_and_of_other_programs_are_served(
    client: TestClient, headers: dict[str, str]
) -> None:
    assert client.post("/recommend", json=ASK, headers=headers).status_code == 200


def test_a_link_from_elsewhere_may_be_followed(client: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": "http://evil.example"}
    response = client.get("/popular", headers=headers)
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers


def test_a_preflight_gives_no_permission(client: TestClient) -> None:
    headers = {"origin": "http://evil.example", "access-control-request-method": "PUT"}
    response = client.options("/users/1/ratings/1", headers=headers)
    assert response.status_code == 405
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_the_transport_of_the_pages_is_for_the_own_pages_only(app: App) -> None:
    @app.api.get("/ui/_nicegui_ws/socket.io/")
    async def poll() -> str:
        return "sid"

    @app.api.websocket("/ui/_nicegui_ws/socket.io/")
    async def connect(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("sid")
        await socket.close()

    path = "/ui/_nicegui_ws/socket.io/"
    socket_url = f"ws://127.0.0.1:8080{path}"
    own = {"origin": "http://127.0.0.1:8080"}
    assert app.client.get(path, headers={"origin": "http://evil.example"}).status_code == 403
    assert app.client.get(path, headers=own).status_code == 200
    with app.client.websocket_connect(
        f"ws://127.0.0.1:8080{path}", headers={"origin": "http://127.0.0.1:8080"}
    ) as socket:
        assert socket.receive_text() == "sid"
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"host": "evil.example", "origin": "http://evil.example"},
    ):
        with (
            pytest.raises(WebSocketDisconnect),
            app.client.websocket_connect(socket_url, headers=headers),
        ):
            pass


def test_a_large_body_is_refused(client: TestClient) -> None:
    content = b'{"user_id": 1' + b" " * 1_000_000 + b"}"
    response = client.post("/recommend", content=content, headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["error"]) == (413, "too_large")


def test_a_large_body_of_unknown_length_is_refused(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"user_id": 1'
        for _ in range(2000):
            yield b" " * 1000

    response = client.post("/recommend", content=parts(), headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["error"]) == (413, "too_large")


def test_a_small_body_of_unknown_length_is_served(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"user_id"'
        yield b": 1}"

    response = client.post("/recommend", content=parts(), headers={"content-type": "application/json"})
    assert response.status_code == 200


def test_every_answer_carries_the_headers(client: TestClient) -> None:
    for path in ("/popular", "/health", "/nothing", "/docs", "/openapi.json"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert len(headers.get_list("x-request-id")) == 1


def test_half_an_answer_breaks_off(app: App) -> None:
    async def half(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("in the middle")

    app.api.mount("/half", half)
    sent: list[dict[str, Any]] = []

    async def collect(message: dict[str, Any]) -> None:
        sent.append(message)

    async def call() -> None:
        scope = {"type": "http", "method": "GET", "path": "/half/way", "headers": [(b"host", b"localhost")]}
        await app.api(scope | {"query_string": b"", "root_path": ""}, None, collect)  # type: ignore[arg-type]

    with pytest.raises(RuntimeError, match="in the middle"):
        asyncio.run(call())
    assert [message["type"] for message in sent] == ["http.response.start"]
