"""Work that a test holds and lets go, and waiting for what another thread does."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from movieapp.jobs.background import Jobs
from movieapp.jobs.runs import Done
from movieapp.jobs.work import Workplace
from movieapp.progress import Progress

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
# The scheduler goes by the computer's clock.
TODAY = datetime.now(UTC)
PATIENCE_S = 20

Open = Callable[..., Jobs]


@dataclass
class Held:
    """Work that goes on until it is let go, and tells how often it began; each round is a stage."""

    began: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    may_end: threading.Event = field(default_factory=threading.Event)
    n_begun: int = 0
    raises: Exception | None = None

    def __call__(self, _place: Workplace, _now: datetime, progress: Progress) -> Done:
        self.n_begun += 1
        self.began.release()
        while not self.may_end.wait(0.005):
            progress("holding", 0.5)
        if self.raises:
            raise self.raises
        return Done("done", "Held.")

    def wait_for_it(self) -> None:
        """Wait until it runs."""
        assert self.began.acquire(timeout=PATIENCE_S)


def wait_until(is_so: Callable[[], object]) -> None:
    """Wait for what another thread is about to do."""
    pause = threading.Event()
    for _ in range(PATIENCE_S * 200):
        if is_so():
            return
        pause.wait(0.005)
    raise AssertionError("it did not happen")
