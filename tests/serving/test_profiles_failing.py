"""What people rate while the database fails: memory never runs ahead of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from movieapp.database import Cursor, Database, Unwritable
from movieapp.serving.profiles import Profiles

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def stars_of_movie_1(profiles: Profiles) -> float | None:
    history = profiles.history(7)
    return None if history is None else history.stars_of(1)


@dataclass
class Failing:
    """A database whose next transactions fail at their end, as a full disk makes them."""

    real: Database
    failures: int
    reconnected: int = 0

    @contextmanager
    def transaction(self) -> Iterator[Cursor]:
        with self.real.transaction() as cursor:
            yield cursor
            if self.failures:
                self.failures -= 1
                raise Unwritable("no space left")

    def read(self, name: str, **values: object) -> object:
        return self.real.read(name, **values)  # type: ignore[arg-type]

    def reconnect(self) -> None:
        self.reconnected += 1


def test_memory_shows_nothing_that_was_not_committed(small: Database) -> None:
    failing = Failing(small, failures=2)
    profiles = Profiles(failing)  # type: ignore[arg-type]
    profiles.load()
    with pytest.raises(Unwritable):
        profiles.rate(7, 1, 5.0, now=NOW)
    assert stars_of_movie_1(profiles) == 2.0
    profiles.load()
    assert stars_of_movie_1(profiles) == 2.0


def test_one_failure_is_mended_by_a_fresh_connection(small: Database) -> None:
    failing = Failing(small, failures=1)
    profiles = Profiles(failing)  # type: ignore[arg-type]
    profiles.load()
    profiles.rate(7, 1, 5.0, now=NOW)
    assert (stars_of_movie_1(profiles), failing.reconnected) == (5.0, 1)
