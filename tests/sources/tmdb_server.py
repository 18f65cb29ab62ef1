"""A server on this machine that speaks TMDB's shape, and misbehaves when told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from movieapp.sources.tmdb.access import Access

KEY = "eyJhbGciOiJIUzI1NiJ9.secret-read-access-token"
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8 + b"\xff\xd9"


def details(tmdb_id: int, title: str, year: int, **changed: Any) -> dict[str, Any]:
    """Return what TMDB answers about a film, credits and keywords included."""
    return {
        "adult": False,
        "id": tmdb_id,
        "imdb_id": f"tt{tmdb_id - 100:07d}",
        "title": title,
        "original_title": title,
        "overview": f"The story of {title}.",
        "runtime": 101,
        "release_date": f"{year}-06-07",
        "vote_average": 7.25,
        "vote_count": 321,
        "popularity": 12.5,
        "poster_path": f"/poster{tmdb_id:08d}.jpg",
        "backdrop_path": f"/backdrop{tmdb_id:08d}.jpg",
        "credits": {
            "cast": [{"name": "Second", "order": 1}, {"name": "First", "order": 0}],
            "crew": [{"name": "Editor", "job": "Editor"}, {"name": "Director", "job": "Director"}],
        },
        "keywords": {"keywords": [{"id": 1, "name": "space"}, {"id": 2, "name": "robot"}]},
        **changed,
    }


@dataclass
class Answer:
    """What the server says to one request; `cut` is how many bytes it sends at most."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    stall: bool = False
    has_length: bool = True


@dataclass
class Server:
    """Films by TMDB id, pictures by name. `asked` is what it was asked for.

    `planned` answers come first; None is one as it should be. Once `down_after` questions about films were
    answered, it only says that it is down.
    """

    films: dict[int, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    planned: list[Answer | None] = field(default_factory=list)
    planned_pictures: list[Answer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    address: str = ""
    down_after: int | None = None
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def questions(self) -> list[str]:
        """What was asked, without parameters and pictures."""
        return [urlsplit(path).path.removeprefix("/3") for path in self.asked if path.startswith("/3/")]

    def answer(self, path: str, key: str | None) -> Answer:
        """Return what is to be answered, as TMDB would."""
        self.asked.append(path)
        self.keys.append(key)
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path.startswith("/t/p/"):
            if self.planned_pictures:
                return self.planned_pictures.pop(0)
            content = self.pictures.get(parts.path.removeprefix("/t/p/w342"), JPEG)
            return Answer(body=content) if content else Answer(404)
        if self.down_after is not None and len(self.questions) > self.down_after:
            return Answer(503)
        if self.planned and (planned := self.planned.pop(0)):
            return planned
        if key != f"Bearer {KEY}":
            return Answer(401, b'{"status_code":7,"status_message":"Invalid API key"}')
        return self._film(parts.path.removeprefix("/3/").split("/"), asked)

    def _film(self, parts: list[str], asked: dict[str, str]) -> Answer:
        kind, what = parts[0], parts[1]
        if kind == "movie":
            film = self.films.get(int(what))
            return said(film) if film else Answer(404, b'{"status_code":34}')
        films = list(self.films.values())
        if kind == "find":
            return said({"movie_results": [each for each in films if each["imdb_id"] == what]})
        found = [
            each
            for each in films
            if asked["query"].lower() in each["title"].lower()
            and asked.get("year", each["release_date"][:4]) == each["release_date"][:4]
        ]
        return said({"page": 1, "results": found})


def at_once(server: Server) -> Access:
    """Return how the server is reached by somebody who has no time."""
    return Access(
        SecretStr(KEY),
        address=f"{server.address}/3",
        images=f"{server.address}/t/p",
        per_second=10_000.0,
        patience_s=0.2,
        pause=lambda seconds: None,
    )


def said(value: object) -> Answer:
    """Return a JSON answer."""
    return Answer(body=json.dumps(value).encode())


@contextmanager
def running() -> Iterator[Server]:
    """Give a server that listens on 127.0.0.1."""
    server = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    server.address = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.released.set()
    http.shutdown()
    http.server_close()
    thread.join()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = server.answer(self.path, self.headers.get("Authorization"))
            if answer.stall:
                server.released.wait(10)
            with suppress(ConnectionError):
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.has_length:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body[: answer.cut])

        def log_message(self, *args: Any) -> None:
            pass

    return Handler
