"""What the app is doing now, as one frozen value that the health route and every page show."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """The states of the status indicator."""

    STARTING = "starting"
    TRAINING = "training"
    OK = "ok"
    DEGRADED = "degraded"


@dataclass(frozen=True, slots=True)
class State:
    """`stage` and `share` (0 to 1) tell how far background work is; `problem` is a sentence."""

    phase: Phase
    started_at: datetime
    stage: str | None = None
    share: float = 0.0
    problem: str | None = None


class Status:
    """Holds the current state; any thread may read or replace it."""

    def __init__(self, *, started_at: datetime) -> None:
        self._lock = threading.Lock()
        self._state = State(Phase.STARTING, started_at)

    @property
    def current(self) -> State:
        """The state now."""
        return self._state

    def working(self, stage: str, share: float) -> None:
        """Say how far the background work is. Has the shape of `progress.Progress`."""
        self._change(phase=Phase.TRAINING, stage=stage, share=min(max(share, 0.0), 1.0))

    def ready(self) -> None:
        """Say that everything works."""
        self._change(phase=Phase.OK, stage=None, share=0.0, problem=None)

    def degraded(self, problem: str) -> None:
        """Say what does not work, and how to mend it; films are still served."""
        self._change(phase=Phase.DEGRADED, stage=None, share=0.0, problem=problem)

    def _change(self, **changes: object) -> None:
        with self._lock:
            self._state = replace(self._state, **changes)  # type: ignore[arg-type]
