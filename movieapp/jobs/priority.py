"""How background work leaves the way to requests."""

import os
import sys
import threading

# A thread of Python holds the interpreter for at most this long at a time, so that requests get their turn.
SWITCH_INTERVAL_S = 0.0005
LOW_PRIORITY = 10


def take_short_turns() -> None:
    """Let threads of Python change places often; for the whole process."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)


def lower_priority() -> None:
    """Let requests go first: on Linux a thread has a priority, which the OpenMP threads it starts inherit."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        # Raising a priority again is not allowed to everybody, so that a lower one stays as it is.
        lower = max(os.getpriority(os.PRIO_PROCESS, thread), LOW_PRIORITY)
        os.setpriority(os.PRIO_PROCESS, thread, lower)
