"""The outermost layer: which hosts and origins are served, how large a body may be, and what if all fails."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from movieapp.api.replies import problem, request_id
from movieapp.serving.request_log import LoggedRequest, RequestLog

log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
# Files that people give: exports of other services, by this route or by an upload on a page.
LARGEST_FILE = 50_000_000
FILES = re.compile(r"/imports/?|/ui/_nicegui/client/[^/]+/upload/[^/]+")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# NiceGUI's transport answers every origin, so that even its GET has to be guarded here.
TRANSPORT = "/ui/_nicegui_ws/"
LOCAL = ("127.0.0.1", "localhost", "[::1]")
HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^:\[\]/@\s]+)(:\d{1,5})?")
TOO_LARGE = "The body is larger than {:,} bytes. Send less at a time."
SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
# The requests for films, by the names under which the recommender logs them. Of others, what nobody foresaw
# alone is logged.
ENDPOINTS = {
    "/recommend": "recommend",
    "/home": "home",
    "/similar": "similar",
    "/popular": "popular",
    "/rank": "rank",
    "/recommendation/ranked_recommendation": "rank",
    "/explain": "explain",
    "/together": "together",
}
OTHER = "other"
Headers = Mapping[bytes, bytes]


class Protection:
    """Stands before everything, the pages included. Plain ASGI, since it costs every request its time."""

    def __init__(
        self, app: ASGIApp, *, allowed_hosts: tuple[str, ...], log: RequestLog, clock: Callable[[], datetime]
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in (*LOCAL, *allowed_hosts))
        self._log = log
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, one websocket or the lifespan."""
        match scope["type"]:
            case "http":
                await self._serve(scope, receive, send)
            case "websocket" if self._refusal(scope, dict(scope["headers"])):
                await send({"type": "websocket.close", "code": 1008})
            case _:
                await self._app(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        headers = dict(scope["headers"])
        status = 0

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = (b"x-request-id", request_id(scope).encode())
                message["headers"] = [*message["headers"], own, *SECURITY]
            await send(message)

        app = self._refusal(scope, headers) or self._app
        if b"content-length" not in headers and scope["method"] not in SAFE_METHODS:
            receive = _limited(receive, _largest(scope))
        try:
            await app(scope, receive, send_on)
        except ClientDisconnect:
            return
        except Exception:
            if status:  # Half an answer is out; all that is left is to break the connection off.
                raise
            log.exception("%s %s failed; request id %s", scope["method"], scope["path"], request_id(scope))
            text = "Something went wrong here, and it is noted in the log. Please try again."
            await problem(scope, 500, "internal", text)(scope, receive, send_on)
        if status >= 400:
            self._note(scope, status, (time.perf_counter() - started) * 1000)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Return why the request is not let in, or None."""
        host = headers.get(b"host", b"")
        if not self._is_served(host):
            text = (
                "This server does not answer to the host name in the request. Use http://127.0.0.1 or "
                "http://localhost with its port, or allow the name when you start it: "
                """MOVIEAPP_ALLOWED_HOSTS='["name"]'."""
            )
            return problem(scope, 400, "unknown_host", text)
        is_guarded = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        if (is_guarded or scope["path"].startswith(TRANSPORT)) and _is_foreign(headers, host):
            text = (
                "Pages of other origins may not write here. Use the pages under /ui, "
                "or a client that is not a browser."
            )
            return problem(scope, 403, "cross_origin", text)
        length = headers.get(b"content-length", b"0")
        largest = _largest(scope)
        if not length.isdigit() or len(length) > 12 or int(length) > largest:
            return problem(scope, 413, "too_large", TOO_LARGE.format(largest))
        return None

    def _is_served(self, host: bytes) -> bool:
        return "*" in self._hosts or _host_name(host) in self._hosts

    def _note(self, scope: Scope, status: int, latency_ms: float) -> None:
        """Log a refused request for films, but for a 404: the recommender has, with what was asked. Of other
        requests, log what failed and nobody foresaw.
        """
        endpoint = ENDPOINTS.get(scope["path"], OTHER if status == 500 else None)
        if endpoint is None or status == 404:
            return
        self._log.put(
            LoggedRequest(
                request_id=request_id(scope),
                requested_at=self._clock(),
                user_id=None,
                endpoint=endpoint,
                model_version=None,
                recommendations=(),
                scores=(),
                latency_ms=latency_ms,
                is_fallback=False,
                status=status,
                asked={},
            )
        )


@lru_cache(maxsize=256)
def _host_name(host: bytes) -> str | None:
    """Return the name in a Host header, without the port."""
    found = HOST.fullmatch(host.decode("latin-1").lower())
    return found["name"] if found else None


def _is_foreign(headers: Headers, host: bytes) -> bool:
    """Whether a browser says that a page of another origin is behind this; other clients say nothing."""
    if headers.get(b"sec-fetch-site", b"none") not in (b"same-origin", b"none"):
        return True
    origin = headers.get(b"origin")
    return origin is not None and _address(origin) != _address(b"http://" + host)


@lru_cache(maxsize=256)
def _address(origin: bytes) -> bytes | None:
    """Return host and port of an origin, or None for "null" and the like."""
    scheme, mark, address = origin.lower().partition(b"://")
    default = {b"http": b":80", b"https": b":443"}.get(scheme)
    return address.removesuffix(default) if mark and default else None


def _largest(scope: Scope) -> int:
    """Return how many bytes the body may have."""
    return LARGEST_FILE if FILES.fullmatch(scope["path"]) else LARGEST_BODY


def _limited(receive: Receive, largest: int) -> Receive:
    """Count what comes of a body whose length was not announced, and stop at the limit."""
    seen = 0

    async def receive_some() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > largest:
            raise HTTPException(413, TOO_LARGE.format(largest))
        return message

    return receive_some
