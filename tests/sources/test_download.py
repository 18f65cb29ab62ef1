"""Downloads from a server that misbehaves, on this machine."""

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from movieapp.sources.download import PAUSES, DownloadFailed, download
from movieapp.sources.releases import release

BODY = bytes(range(256)) * 4000
SMALL = release("ml-latest-small")


@dataclass
class Server:
    """Serves BODY as any zip. Its fields say how it misbehaves; `asked` is what it was asked for."""

    checksum: str = hashlib.md5(BODY).hexdigest()
    body: bytes = BODY
    cuts: list[int] = field(default_factory=list)  # how much it sends at most, answer by answer
    statuses: list[int] = field(default_factory=list)  # what it answers before it starts to serve
    has_ranges: bool = True
    has_length: bool = True
    is_stalled: bool = False
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    address: str = ""
    released: threading.Event = field(default_factory=threading.Event)


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked_range = self.headers.get("Range")
            server.asked.append((self.path, asked_range))
            if server.statuses:
                self.send_error(server.statuses.pop(0))
            elif self.path.endswith(".md5"):
                self.answer(200, f"MD5 (ml-latest-small.zip) = {server.checksum}\n".encode())
            elif asked_range and server.has_ranges:
                self.answer_from(int(asked_range.removeprefix("bytes=").removesuffix("-")))
            else:
                self.answer(200, server.body)

        def answer_from(self, start: int) -> None:
            if start >= len(server.body):
                self.send_error(416)
            else:
                whole = f"bytes {start}-{len(server.body) - 1}/{len(server.body)}"
                self.answer(206, server.body[start:], {"Content-Range": whole})

        def answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            if server.has_length:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if server.is_stalled and not self.path.endswith(".md5"):
                server.released.wait(10)
            most = server.cuts.pop(0) if server.cuts and not self.path.endswith(".md5") else len(content)
            with suppress(ConnectionError):  # nobody waits for the answer any more
                self.wfile.write(content[:most])
                self.wfile.flush()

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler(server))
    server.address = f"http://127.0.0.1:{http.server_port}/datasets/movielens"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.released.set()
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def fetch(server: Server, tmp_path: Path) -> Callable[..., Path]:
    def call(**changed: Any) -> Path:
        arguments = {"folder": tmp_path, "address": server.address, "pause": lambda seconds: None} | changed
        return download(SMALL, **arguments)

    return call


def bodies(server: Server) -> list[str | None]:
    """Return the ranges that the zip itself was asked for."""
    return [asked for path, asked in server.asked if not path.endswith(".md5")]


def test_a_release_arrives_whole_with_progress(server: Server, fetch, tmp_path: Path) -> None:
    shares: list[float] = []
    path = fetch(progress=lambda stage, share: shares.append(share))
    assert path == tmp_path / "ml-latest-small.zip"
    assert path.read_bytes() == BODY
    assert [file.name for file in tmp_path.iterdir()] == ["ml-latest-small.zip"]
    assert shares[0] == 0
    assert shares[-1] == 1
    assert shares == sorted(shares)
    assert len(shares) > 3
    assert server.asked[0][0] == "/datasets/movielens/ml-latest-small.zip.md5"


def test_what_is_there_already_is_not_fetched_again(server: Server, fetch) -> None:
    fetch()
    n_asked = len(server.asked)
    assert fetch().read_bytes() == BODY
    assert len(server.asked) == n_asked


def test_a_cut_body_is_continued_where_it_broke_off(server: Server, fetch) -> None:
    server.cuts = [300_000, 200_000]
    pauses: list[float] = []
    assert fetch(pause=pauses.append).read_bytes() == BODY
    assert bodies(server) == [None, "bytes=300000-", "bytes=500000-"]
    assert pauses == [PAUSES[0]] * 2  # each attempt got further


def test_without_ranges_it_starts_over(server: Server, fetch) -> None:
    server.has_ranges = False
    server.cuts = [300_000]
    assert fetch().read_bytes() == BODY


def test_a_server_that_always_cuts_is_given_up_and_the_part_kept(
    server: Server, fetch, tmp_path: Path
) -> None:
    server.has_ranges = False
    server.cuts = [300_000] * 50
    pauses: list[float] = []
    with pytest.raises(DownloadFailed, match=r"broke off\. What has arrived is kept, .* --from"):
        fetch(pause=pauses.append)
    assert pauses == list(PAUSES)
    assert [(file.name, file.stat().st_size) for file in tmp_path.iterdir()] == [
        ("ml-latest-small.zip.part", 300_000)
    ]


def test_the_next_call_goes_on_from_the_part(server: Server, fetch, tmp_path: Path) -> None:
    (tmp_path / "ml-latest-small.zip.part").write_bytes(BODY[:1000])
    assert fetch().read_bytes() == BODY
    assert bodies(server) == ["bytes=1000-"]


@pytest.mark.parametrize("old", [BODY, BODY + b"more", b"x" * 1000])
def test_a_part_of_something_else_is_fetched_anew(server: Server, fetch, tmp_path: Path, old: bytes) -> None:
    (tmp_path / "ml-latest-small.zip.part").write_bytes(old)
    assert fetch().read_bytes() == BODY


def test_a_wrong_checksum_leaves_nothing(server: Server, fetch, tmp_path: Path) -> None:
    server.checksum = "0" * 32
    with pytest.raises(DownloadFailed, match="does not match the published checksum and was thrown away"):
        fetch()
    assert list(tmp_path.iterdir()) == []


def test_a_body_cut_without_a_length_is_seen_by_its_checksum(server: Server, fetch, tmp_path: Path) -> None:
    server.has_length = False
    server.cuts = [1000]
    with pytest.raises(DownloadFailed, match="checksum"):
        fetch()
    assert list(tmp_path.iterdir()) == []


def test_no_checksum_no_download(server: Server, fetch) -> None:
    server.checksum = "<html>Welcome to the hotel's network</html>"
    with pytest.raises(DownloadFailed, match="gives no checksum"):
        fetch()
    assert bodies(server) == []


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "the server has no "), (403, r"refuses it \(status 403\)")]
)
def test_a_refusal_is_final(server: Server, fetch, tmp_path: Path, status: int, reason: str) -> None:
    server.statuses = [status] * 50
    with pytest.raises(DownloadFailed, match=rf"{reason}.* use ml-latest-small, which comes with movieapp"):
        fetch()
    assert len(server.asked) == 1
    assert list(tmp_path.iterdir()) == []


def test_trouble_that_passes_is_waited_for(server: Server, fetch) -> None:
    server.statuses = [503, 429, 500]
    pauses: list[float] = []
    assert fetch(pause=pauses.append).read_bytes() == BODY
    assert pauses == list(PAUSES)


def test_trouble_that_stays_is_given_up(server: Server, fetch) -> None:
    server.statuses = [503] * 50
    with pytest.raises(DownloadFailed, match=r"in trouble \(status 503\)"):
        fetch()
    assert len(server.asked) == 1 + len(PAUSES)


def test_a_silent_server_is_given_up(server: Server, fetch) -> None:
    server.is_stalled = True
    with pytest.raises(DownloadFailed, match=r"fell silent for 0\.1 s"):
        fetch(patience_s=0.1)


def test_nobody_there_is_said_at_once(fetch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        pauses: list[float] = []
        with pytest.raises(
            DownloadFailed, match=r"the server cannot be reached .* give a zip that you have with --from"
        ):
            fetch(address=address, pause=pauses.append)
    assert pauses == []


def test_a_folder_that_cannot_be_written_is_said(fetch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DownloadFailed, match=r"cannot be saved in .*file"):
        fetch(folder=tmp_path / "file" / "data")
