"""A lock for the writers of the database, who take turns in the order in which they asked."""

import threading
from collections import deque


class Turns:
    """A lock that threads get in the order in which they asked for it, and that its owner may take again.

    With an `RLock` a thread that writes without pause takes it again before any that waits has woken up.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[tuple[int, threading.Lock]] = deque()
        self._owner: int | None = None
        self._depth = 0

    def __enter__(self) -> None:
        me, turn = threading.get_ident(), threading.Lock()
        with self._guard:
            if self._owner in (None, me):
                self._owner = me
                self._depth += 1
                return
            turn.acquire()
            self._waiting.append((me, turn))
        try:
            turn.acquire()
        except BaseException:
            self._leave(me, turn)
            raise

    def __exit__(self, *_: object) -> None:
        with self._guard:
            self._depth -= 1
            if not self._depth:
                self._pass_on()

    def _pass_on(self) -> None:
        """Make the one that waits longest the owner, so that nobody can come between."""
        self._owner = None
        if self._waiting:
            self._owner, turn = self._waiting.popleft()
            self._depth = 1
            turn.release()

    def _leave(self, me: int, turn: threading.Lock) -> None:
        """Wait no more, or give the turn on that came at the same moment."""
        with self._guard:
            if (me, turn) in self._waiting:
                self._waiting.remove((me, turn))
            else:
                self._depth = 0
                self._pass_on()
