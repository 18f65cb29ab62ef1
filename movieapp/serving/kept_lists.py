"""Lists that were worked out before, by all that they depend on."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, TypeVar, cast

from cachetools import LRUCache

from movieapp.serving.lists import Result

# Kept lists together hold at most so many films, at under 1 KB each; the least recently asked go first.
KEPT_FILMS = 120_000


class Listed(Protocol):
    """What is kept: anything with films in it."""

    @property
    def results(self) -> tuple[Result, ...]:
        """All of its films."""


_T = TypeVar("_T", bound=Listed)


class KeptLists:
    """Any thread may ask."""

    def __init__(self) -> None:
        self._lists: LRUCache[tuple[object, ...], Listed] = LRUCache(KEPT_FILMS, getsizeof=_n_films)
        # The cache orders its entries at every look.
        self._lock = threading.Lock()

    def __contains__(self, key: tuple[object, ...]) -> bool:
        with self._lock:
            return key in self._lists

    def get(self, key: tuple[object, ...], compute: Callable[[], _T]) -> _T:
        """Return what was computed for this key before, else compute it now.

        A key holds all that the list depends on, the versions of the state and of the history included.
        """
        with self._lock:
            found = self._lists.get(key)
        if found is None:
            found = compute()
            # A list longer than all that may be kept is refused with a ValueError.
            with self._lock, suppress(ValueError):
                self._lists[key] = found
        return cast(_T, found)


def _n_films(listed: Listed) -> int:
    return max(len(listed.results), 1)
