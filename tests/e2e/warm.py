"""Launchers forked from a process that has imported what they need: each takes two seconds less."""

import multiprocessing
import os
import runpy
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

REPOSITORY = Path(__file__).resolve().parent.parent.parent
# Where nothing can be forked, launchers start as they do for anybody.
CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()


def launch(arguments: Sequence[str], environment: dict[str, str], output: str) -> None:
    """Be the launcher, with everything it says in a file."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(REPOSITORY)
    with open(output, "a", encoding="utf-8") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    sys.argv = ["launcher.py", *arguments]
    runpy.run_path("launcher.py", run_name="__main__")


class Forked:
    """A forked launcher, to be treated like a `Popen`."""

    def __init__(self, arguments: Sequence[str], environment: dict[str, str], output: Path) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.e2e.warm_imports"])
        self._process: ForkServerProcess = context.Process(
            target=launch, args=(arguments, environment, str(output)), daemon=True
        )
        self._process.start()

    @property
    def returncode(self) -> int | None:
        """Its exit code, once it has ended."""
        return self._process.exitcode

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return its exit code if it has ended."""
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Wait for its end."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("launcher.py", timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
