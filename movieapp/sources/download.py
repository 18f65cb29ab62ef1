"""A release comes from GroupLens: resumed where it broke off, checked, and only then given its name."""

import hashlib
import logging
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx

from movieapp.errors import MovieAppError
from movieapp.progress import Progress, silent
from movieapp.sources.files import MOST_BYTES
from movieapp.sources.releases import ADDRESS, Release

log = logging.getLogger(__name__)

CHUNK = 256 * 1024
# Seconds before another attempt. They start over when an attempt got further than all before it.
PAUSES = (1.0, 2.0, 4.0)

T = TypeVar("T")


class DownloadFailed(MovieAppError):
    """The release could not be fetched; what was there is as it was."""


class _Interrupted(Exception):
    """The transfer broke off in a way that another attempt may get past."""


def download(
    release: Release,
    *,
    folder: Path,
    address: str = ADDRESS,
    progress: Progress = silent,
    patience_s: float = 30.0,
    pause: Callable[[float], None] = time.sleep,
) -> Path:
    """Return the release's zip in `folder`, fetched from below `address` unless it is there.

    `patience_s` is how long the server may stay silent. What has arrived when a download stops is kept as
    `<name>.zip.part`, and the next call goes on from there.
    """
    target = folder / f"{release.name}.zip"
    # It got its name only after its checksum was found right.
    if target.is_file():
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with httpx.Client(
            timeout=patience_s, follow_redirects=True, headers={"Accept-Encoding": "identity"}
        ) as client:
            _Fetch(client, f"{address.rstrip('/')}/{target.name}", target, patience_s, progress, pause).run()
    except OSError as error:
        raise DownloadFailed(
            f"{target.name} cannot be saved in {folder}: {error.strerror or error}. "
            "Check the folder's permissions and free space, or choose another with --data."
        ) from error
    log.info("downloaded release=%s bytes=%d", release.name, target.stat().st_size)
    return target


@dataclass(slots=True)
class _Fetch:
    """One download under way."""

    client: httpx.Client
    url: str
    target: Path
    patience_s: float
    progress: Progress
    pause: Callable[[float], None]

    def run(self) -> None:
        self._report(0.0)
        expected = self._persist(self._checksum)
        was_resumed = self._n_bytes() > 0
        self._persist(self._body)
        if was_resumed and self._digest() != expected:
            # What lay there may be the beginning of another file: once more, all of it.
            self.part.unlink()
            self._persist(self._body)
        if self._digest() != expected:
            self.part.unlink()
            raise self._failed("what arrived does not match the published checksum and was thrown away")
        os.replace(self.part, self.target)
        self._report(1.0)

    @property
    def part(self) -> Path:
        return self.target.with_name(f"{self.target.name}.part")

    def _persist(self, attempt: Callable[[], T]) -> T:
        """Try again after a pause where that may help, as long as it gets further."""
        pauses, reached = list(PAUSES), self._n_bytes()
        while True:
            try:
                return attempt()
            except _Interrupted as error:
                if self._n_bytes() > reached:
                    pauses, reached = list(PAUSES), self._n_bytes()
                if not pauses:
                    raise self._failed(str(error)) from error
                log.info("download interrupted url=%s reason=%s", self.url, error)
                self.pause(pauses.pop(0))
            except httpx.TimeoutException as error:
                raise self._failed("the server cannot be reached in time") from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise self._failed(f"the server cannot be reached ({error})") from error

    def _checksum(self) -> str:
        try:
            answer = self.client.get(f"{self.url}.md5")
        except (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError) as error:
            raise self._broken_off(error) from error
        self._check_status(answer)
        found = re.search(r"\b[0-9a-fA-F]{32}\b", answer.text)
        if not found:
            raise self._failed("the server gives no checksum for it")
        return found[0].lower()

    def _body(self) -> None:
        """Fetch what is missing of the part file."""
        done = self._n_bytes()
        headers = {"Range": f"bytes={done}-"} if done else {}
        try:
            with self.client.stream("GET", self.url, headers=headers) as answer:
                if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                    return  # nothing is missing; the checksum tells whether too much is there
                self._check_status(answer)
                is_rest = answer.headers.get("Content-Range", "").startswith(f"bytes {done}-")
                self._receive(answer, done if is_rest else 0)
        except (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError) as error:
            raise self._broken_off(error) from error

    def _receive(self, answer: httpx.Response, done: int) -> None:
        length = answer.headers.get("Content-Length", "")
        total = done + int(length) if length.isdigit() else 0
        with self.part.open("ab" if done else "wb") as part:
            for chunk in answer.iter_bytes():
                part.write(chunk)
                done += len(chunk)
                if max(done, total) > MOST_BYTES:
                    raise self._failed(f"it is larger than any release ({max(done, total) / 1e9:,.0f} GB)")
                self._report(min(1.0, done / total) if total else 0.0)

    def _check_status(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status >= 500 or status == httpx.codes.TOO_MANY_REQUESTS:
            raise _Interrupted(f"the server is in trouble (status {status})")
        if status == httpx.codes.NOT_FOUND:
            raise self._failed(f"the server has no {answer.url.path}")
        if not answer.is_success:
            raise self._failed(f"the server refuses it (status {status})")

    def _broken_off(self, error: httpx.TransportError) -> _Interrupted:
        if isinstance(error, httpx.ReadTimeout):
            return _Interrupted(f"the server fell silent for {self.patience_s:g} s")
        return _Interrupted("the connection broke off")

    def _failed(self, reason: str) -> DownloadFailed:
        kept = "What has arrived is kept, and the next try goes on from there. " if self._n_bytes() else ""
        return DownloadFailed(
            f"{self.target.name} could not be downloaded from {self.url}: {reason}. {kept}"
            "Without a network, give a zip that you have with --from, or use ml-latest-small, which comes "
            "with movieapp."
        )

    def _n_bytes(self) -> int:
        return self.part.stat().st_size if self.part.is_file() else 0

    def _digest(self) -> str:
        digest = hashlib.md5(usedforsecurity=False)
        with self.part.open("rb") as part:
            while chunk := part.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def _report(self, share: float) -> None:
        self.progress(f"download: {self.target.stem}", share)
