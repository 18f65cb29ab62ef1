"""People in memory: what was loaded, and over it what has changed since."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from movieapp.database import Database
from movieapp.serving.histories import EMPTY, History, Loaded, arrange, instant, nothing
from movieapp.serving.keeping import read_kept
from movieapp.serving.kept import NOBODY, Person, Told


@dataclass(frozen=True, slots=True)
class Profile:
    """A person who uses this app under a name; `color` is "#rrggbb"."""

    user_id: int
    name: str
    color: str | None
    created_at: datetime


@dataclass(slots=True)
class Memory:
    """Who is known, their ratings, what they keep and their names.

    `changed` holds new histories in place of loaded ones, None for somebody who was deleted. Values are
    replaced, never edited: other threads read them meanwhile.
    """

    loaded: Loaded
    people: dict[int, Person]
    profiles: dict[int, Profile]
    n_users: int
    n_ratings: int
    deleted: frozenset[int] = frozenset()
    changed: dict[int, History | None] = field(default_factory=dict)
    new_users: list[int] = field(default_factory=list)

    def history(self, user_id: int) -> History | None:
        """Return the current history; empty and None as in `Loaded.history`."""
        return self.changed[user_id] if user_id in self.changed else self.loaded.history(user_id)

    def person(self, user_id: int) -> Person:
        """Return what the person keeps."""
        return self.people.get(user_id, NOBODY)

    def taken(self) -> set[int]:
        """Return every id that anybody has, or had until they were deleted."""
        return {*self.loaded.places, *self.changed, *self.people, *self.profiles, *self.deleted}

    def own_users(self) -> Iterator[int]:
        """Yield the people made here, the newest first."""
        yield from (user_id for user_id in reversed(self.new_users) if self.changed.get(user_id) is not None)
        yield from (user_id for user_id in self.loaded.own_users if self.history(user_id) is not None)

    def meet(self, user_id: int) -> History:
        """Return the history of somebody who is known from now on."""
        history = self.history(user_id)
        if history is None:
            self.new_users.append(user_id)
            self.n_users += 1
            history = self.changed[user_id] = EMPTY
        return history

    def take(self, user_id: int, movie_id: int, before: Told, after: Told, *, version: int) -> None:
        """Remember what somebody told of a film; `version` is that of the history if that changes it."""
        history = self.meet(user_id)
        if after.kept != before.kept:
            self.people[user_id] = self.person(user_id).having(movie_id, after.kept)
        if after.rating is None and before.rating is not None:
            self._put(user_id, history.without(movie_id, version=version))
        elif after.rating is not None and after.rating != before.rating:
            stars, rated_at = after.rating.stars, instant(after.rating.rated_at)
            self._put(user_id, history.with_rating(movie_id, stars, rated_at=rated_at, version=version))

    def replace(self, user_id: int, history: History, person: Person | None) -> None:
        """Remember all of somebody anew."""
        self.meet(user_id)
        self._put(user_id, history)
        self.people.pop(user_id, None)
        if person is not None:
            self.people[user_id] = person

    def forget(self, user_id: int) -> None:
        """Make a stranger of somebody known."""
        self._put(user_id, EMPTY)
        self.changed[user_id] = None
        self.n_users -= 1
        self.people.pop(user_id, None)
        self.profiles.pop(user_id, None)

    def _put(self, user_id: int, history: History) -> None:
        self.n_ratings += len(history) - len(self.history(user_id) or ())
        self.changed[user_id] = history


def read_memory(database: Database, *, version: int) -> Memory:
    """Read everybody."""
    people = database.read("serving/known_users")
    loaded = arrange(
        database.read("serving/histories"),
        people=people["user_id"].to_list(),
        own=people.filter("is_own")["user_id"].to_list(),
        movies=frozenset(database.read("serving/known_movies")["movie_id"].to_list()),
        version=version,
    )
    return Memory(
        loaded,
        people=read_kept(database, None),
        profiles=read_profiles(database),
        n_users=len(loaded.places),
        n_ratings=len(loaded.movie_ids),
        deleted=frozenset(database.read("serving/deleted_people")["user_id"].to_list()),
    )


def empty_memory() -> Memory:
    """Return what is known before there is a release."""
    return Memory(nothing(), {}, {}, n_users=0, n_ratings=0)


def read_history(database: Database, user_id: int, *, version: int) -> History:
    """Read one person's ratings."""
    ratings = database.read("serving/history", user_id=user_id)
    return History(
        ratings["movie_id"].to_numpy(),
        ratings["rating"].to_numpy(),
        ratings["rated_at"].to_numpy().astype(np.int64),
        version,
    )


def read_profiles(database: Database) -> dict[int, Profile]:
    """Read the names of people, the first made first."""
    rows = database.read("serving/profiles").rows()
    return {
        user_id: Profile(user_id, name, color, created_at.replace(tzinfo=UTC))
        for user_id, name, color, created_at in rows
    }
