"""The real launcher in a process of its own, for tests and benchmarks."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import httpx

from tests.e2e.warm import CAN_FORK, REPOSITORY, Forked


def run(
    *arguments: str, timeout_s: float = 120, train_fully: bool = False
) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end and return what it printed."""
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "launcher.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
        cwd=REPOSITORY,
        # Wide enough that no sentence is wrapped in the middle of what a test looks for.
        env=os.environ | {"COLUMNS": "200", "MOVIEAPP_TRAIN_FULLY": str(train_fully)},
    )


def free_port() -> int:
    """Return a port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Launched:
    """`launcher.py --no-browser` on a data folder; used as a context, it is stopped at the end.

    A warm one has imported already what it needs.
    """

    def __init__(self, data: Path, *, train_fully: bool = False, is_warm: bool = False) -> None:
        self.data = data
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client(base_url=self.address, timeout=30)
        self._output = (data.parent / f"{data.name}-{self.port}.log").open("w+", encoding="utf-8")
        self.started = time.monotonic()
        arguments = ["--data", str(data), "--port", str(self.port), "--no-browser"]
        environment = os.environ | {"MOVIEAPP_TRAIN_FULLY": str(train_fully)}
        self.process: subprocess.Popen[bytes] | Forked
        if is_warm and CAN_FORK:
            self.process = Forked(arguments, environment, Path(self._output.name))
        else:
            self.process = subprocess.Popen(
                [sys.executable, "launcher.py", *arguments],
                stdout=self._output,
                stderr=subprocess.STDOUT,
                cwd=REPOSITORY,
                env=environment,
            )

    def health(self) -> dict[str, Any]:
        """Return what /health says, or an empty dict while nobody answers."""
        if self.process.poll() is not None:
            raise AssertionError(f"the launcher ended with {self.process.returncode}: {self.output()}")
        try:
            health: dict[str, Any] = self.client.get("/health").json()
        except httpx.TransportError:
            return {}
        return health

    def wait_for(self, *statuses: str, timeout_s: float = 120) -> dict[str, Any]:
        """Wait until /health has one of these statuses and return it."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            health = self.health()
            if health.get("status") in statuses:
                return health
            time.sleep(0.05)
        raise AssertionError(f"not {statuses} within {timeout_s} s: {self.health()} {self.output()}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> int:
        """Ask it to stop, as Ctrl+C does, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def output(self) -> str:
        """Return everything it printed so far."""
        self._output.seek(0)
        return self._output.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            if self.process.poll() is None:
                self.kill()
            self.client.close()
            self._output.close()
