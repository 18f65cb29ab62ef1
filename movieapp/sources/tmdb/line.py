"""A polite line to a server: not too fast, patient when it is in trouble, and never a wait without an end."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import httpx

from movieapp.errors import MovieAppError

# Seconds before another attempt, when the server does not say how long.
PAUSES = (1.0, 2.0, 4.0)
# A server that asks for more than this is left alone until the next run.
LONGEST_PAUSE_S = 120.0
# How long a wait goes on before the one who watches is asked whether to stop.
SLICE_S = 0.25
# An answer may take this many times the patience for one piece of it.
MOST_PATIENCE = 4

OK, NOT_FOUND = httpx.codes.OK, httpx.codes.NOT_FOUND


class Unreachable(MovieAppError):
    """The server cannot be used now: down, blocked, or in trouble that did not pass."""


class Refused(MovieAppError):
    """The server answered, but not what was asked for: a status, size or content that makes no sense."""


class _Interrupted(Exception):
    """An attempt failed in a way that another may get past, after `wait_s` if the server said so."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `status` is 200 or one that the caller said it understands."""

    status: int
    content: bytes
    is_whole: bool


@dataclass(slots=True)
class Line:
    """Gets whole, small answers. `idle` is called before every request and while waiting; it may raise."""

    client: httpx.Client
    name: str
    per_second: float
    patience_s: float
    idle: Callable[[], None]
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _next_at: float = field(default=0.0, init=False)

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        most_bytes: int,
        check: Callable[[Answer], None] = lambda answer: None,
    ) -> Answer:
        """Return the answer, 200 or 404, that `check` does not refuse; `Refused` or `Unreachable` else."""
        pauses = list(PAUSES)
        while True:
            self._take_turn()
            try:
                answer = self._attempt(path, params, most_bytes)
                check(answer)
                return answer
            except _Interrupted as trouble:
                if not pauses or (trouble.wait_s or 0.0) > LONGEST_PAUSE_S:
                    raise Unreachable(f"{self.name} cannot be used now: {trouble}.") from None
                wait_s = pauses.pop(0)
                self._wait(wait_s if trouble.wait_s is None else trouble.wait_s)
            except Refused:
                # A body cut short or a passing fault of a proxy looks so too: once more.
                if len(pauses) < len(PAUSES):
                    raise
                self._wait(pauses.pop(0))

    def _take_turn(self) -> None:
        self.idle()
        self._wait(self._next_at - self.clock())
        self._next_at = self.clock() + 1.0 / self.per_second

    def _wait(self, seconds: float) -> None:
        while seconds > 0:
            self.pause(min(seconds, SLICE_S))
            seconds -= SLICE_S
            self.idle()

    def _attempt(self, path: str, params: Mapping[str, str] | None, most_bytes: int) -> Answer:
        # What httpx says may hold the request; only plain words go on from here.
        try:
            with self.client.stream("GET", path, params=params) as response:
                self._check_status(response)
                return self._receive(response, most_bytes)
        except httpx.TimeoutException:
            raise _Interrupted(f"no answer within {self.patience_s:g} s") from None
        except (httpx.ConnectError, httpx.ProxyError):
            raise _Interrupted("it cannot be connected to") from None
        except (httpx.TransportError, httpx.StreamError):
            raise _Interrupted("the connection broke off") from None
        except (httpx.DecodingError, httpx.InvalidURL, httpx.HTTPError):
            raise Refused(f"{self.name} sent an answer that cannot be read.") from None

    def _check_status(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise _Interrupted("it is asked too often", _retry_after(response.headers))
        if status >= 500:
            wait_s = _retry_after(response.headers)
            raise _Interrupted(f"it is in trouble (status {status})", wait_s)
        if status == httpx.codes.UNAUTHORIZED:
            raise Unreachable(
                f"{self.name} refuses the key. It has to be the API Read Access Token, the long one, from "
                "https://www.themoviedb.org/settings/api, as MOVIEAPP_TMDB_KEY."
            )
        if status in (OK, NOT_FOUND):
            return
        if response.is_redirect or status == httpx.codes.FORBIDDEN:
            raise Unreachable(
                f"{self.name} cannot be used from this network: something answers in its place or refuses "
                f"(status {status})."
            )
        raise Refused(f"{self.name} answers with status {status}.")

    def _receive(self, response: httpx.Response, most_bytes: int) -> Answer:
        until = self.clock() + MOST_PATIENCE * self.patience_s
        parts, n_bytes = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            n_bytes += len(part)
            if n_bytes > most_bytes:
                raise Refused(f"{self.name} sends more than the {most_bytes / 1e6:g} MB that make sense.")
            if self.clock() > until:
                raise _Interrupted(f"no whole answer within {MOST_PATIENCE * self.patience_s:g} s")
        # Without either header, an answer that was cut looks like one that is whole.
        is_whole = "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
        return Answer(response.status_code, b"".join(parts), is_whole)


def _retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds that the server asks for, as a number or a date; None where it makes no sense."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), 1e6)
    try:
        # By the server's own clock, which need not be this machine's.
        until, now = (parsedate_to_datetime(each) for each in (value, headers.get("Date", "")))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
