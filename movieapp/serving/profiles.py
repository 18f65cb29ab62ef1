"""What the app knows of people: their ratings in memory, and each change in the database before that."""

import itertools
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import polars as pl

from movieapp.database import Cursor, Database, Unwritable
from movieapp.errors import Conflict, Invalid, NotFound, NotReady
from movieapp.preparation.interactions import LIKE
from movieapp.serving.feedback import EventType as EventType
from movieapp.serving.feedback import event_row
from movieapp.serving.histories import EMPTY, LARGEST_ID, Loaded, arrange, nothing
from movieapp.serving.histories import History as History

STARS = tuple(half / 2 for half in range(1, 11))


@dataclass(frozen=True, slots=True)
class UserSummary:
    """What is known of a user; a like is a rating of four stars or more."""

    user_id: int
    gender: str | None
    age: int | None
    occupation: str | None
    source: str
    n_ratings: int
    n_likes: int
    mean_rating: float | None
    first_rated_at: datetime | None
    last_rated_at: datetime | None
    favourite_genres: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rated:
    """One rating of a user."""

    movie_id: int
    rating: float
    rated_at: datetime


@dataclass(slots=True)
class _Memory:
    """What was loaded, and over it what has changed since: by user, new values in place of old ones."""

    loaded: Loaded
    watched: dict[int, frozenset[int]]
    unwanted: dict[int, frozenset[int]]
    changed: dict[int, History] = field(default_factory=dict)
    new_users: list[int] = field(default_factory=list)
    n_ratings: int = 0

    def history(self, user_id: int) -> History | None:
        """Return the current history; empty and None as in `Loaded.history`."""
        changed = self.changed.get(user_id)
        return self.loaded.history(user_id) if changed is None else changed


class Profiles:
    """People, their ratings and what they want no more. Reading needs no database; any thread may do it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Commit and memory change are one step: memory never shows what is not durable, nor in another order.
        self._lock = threading.Lock()
        self._versions = itertools.count(1)
        self._memory = _Memory(nothing(), {}, {})
        self._given: set[int] = set()

    def load(self) -> None:
        """Read all histories of the database anew: at the start and after every ingest."""
        with self._lock:
            is_first = len(self._memory.loaded.movie_ids) == 0
            version = 0 if is_first else next(self._versions)
            people = self._database.read("serving/known_users")
            loaded = arrange(
                self._database.read("serving/histories"),
                people=people["user_id"].to_list(),
                own=people.filter("is_own")["user_id"].to_list(),
                movies=frozenset(self._database.read("serving/known_movies")["movie_id"].to_list()),
                version=version,
            )
            aside = self._database.read("serving/put_aside")
            self._memory = _Memory(
                loaded,
                watched=_by_user(aside.filter("is_watched")),
                unwanted=_by_user(aside.filter("is_unwanted")),
                n_ratings=len(loaded.movie_ids),
            )

    @property
    def n_users(self) -> int:
        """How many people are known, with or without ratings."""
        return len(self._memory.loaded.places) + len(self._memory.new_users)

    @property
    def n_ratings(self) -> int:
        """How many ratings there are now."""
        return self._memory.n_ratings

    def history(self, user_id: int) -> History | None:
        """Return the user's ratings as they are now; None for a stranger, who has none."""
        history = self._memory.history(user_id)
        return history if history is not None and len(history) else None

    def put_aside(self, user_id: int) -> frozenset[int]:
        """Return what never belongs in the user's lists: watched, hidden or disliked.

        A later like or a place on the watchlist takes back the last two.
        """
        memory = self._memory
        empty: frozenset[int] = frozenset()
        return memory.watched.get(user_id, empty) | memory.unwanted.get(user_id, empty)

    def user(self, user_id: int) -> UserSummary:
        """Return what is known of the user. Reads the database."""
        history = self._known(user_id)
        person = self._database.read("serving/user", user_id=user_id).row(0, named=True)
        likes = pl.DataFrame({"movie_id": history.movie_ids[history.stars >= LIKE]}, {"movie_id": pl.Int32})
        genres = self._database.read("serving/favourite_genres", incoming=likes)["genre"].to_list()
        some = len(history) > 0
        return UserSummary(
            **person,
            n_ratings=len(history),
            n_likes=len(likes),
            mean_rating=float(history.stars.mean(dtype=np.float64)) if some else None,
            first_rated_at=_instant(history.rated_at.min()) if some else None,
            last_rated_at=_instant(history.rated_at.max()) if some else None,
            favourite_genres=tuple(genres[:3]),
        )

    def ratings(self, user_id: int) -> list[Rated]:
        """Return the user's ratings, the newest first."""
        history = self._known(user_id)
        order = np.lexsort((history.movie_ids, -history.rated_at))
        return [
            Rated(int(history.movie_ids[i]), float(history.stars[i]), _instant(history.rated_at[i]))
            for i in order
        ]

    def users(self, limit: int) -> list[tuple[int, int]]:
        """Return (user_id, n_ratings) to choose from: the app's own users, then the most active.

        Somebody without a rating is nobody to choose.
        """
        memory = self._memory
        own = [*reversed(memory.new_users), *memory.loaded.own_users]
        chosen = dict.fromkeys([*own, *memory.loaded.most_active])
        counted = ((user_id, len(memory.history(user_id) or ())) for user_id in chosen)
        return list(itertools.islice((pair for pair in counted if pair[1] > 0), max(limit, 0)))

    def new_id(self) -> int:
        """Return a user id that nobody ever had, and that nobody else is given while this process runs."""
        with self._lock:
            memory = self._memory
            taken = self._given.union(memory.loaded.places, memory.changed, memory.watched, memory.unwanted)
            above = max(taken, default=0) + 1
            below = (user_id for user_id in range(LARGEST_ID, 0, -1) if user_id not in taken)
            user_id = above if above <= LARGEST_ID else next(below)
            self._given.add(user_id)
            return user_id

    def rate(
        self, user_id: int, movie_id: int, rating: float, *, now: datetime, request_id: str | None = None
    ) -> None:
        """Set the rating, given in the list `request_id` if any; durable then. A new id makes a user."""
        self._rate(user_id, movie_id, rating, request_id=request_id, now=now)

    def unrate(self, user_id: int, movie_id: int, *, now: datetime) -> None:
        """Take back the user's rating of the movie; durable when this returns."""
        with self._lock:
            before = self._known(user_id)
            if before.stars_of(movie_id) is None:
                raise NotFound(
                    f"User {user_id} has no rating of movie {movie_id}, so there is none to remove."
                )
            event = event_row(user_id, movie_id, "rating_removed", value=None, request_id=None, now=now)

            def work(cursor: Cursor) -> None:
                cursor.write("serving/remove_rating", user_id=user_id, movie_id=movie_id)
                cursor.write("serving/add_feedback", **event)

            self._commit(work)
            after = before.without(movie_id, version=next(self._versions))
            self._memory.changed[user_id] = after
            self._memory.n_ratings -= 1

    def record(
        self,
        user_id: int,
        movie_id: int,
        event_type: EventType,
        *,
        value: float | None,
        request_id: str | None,
        now: datetime,
    ) -> str:
        """Keep what the user told about the movie, durable when this returns; return the event's id.

        A rating does what `rate` does.
        """
        if event_type is EventType.RATING:
            if value is None:
                raise Invalid("A rating needs its stars as value: 0.5 to 5, in halves.")
            return self._rate(user_id, movie_id, value, request_id=request_id, now=now)
        if value is not None and not math.isfinite(value):
            raise Invalid("value has to be a finite number, or left out.")
        with self._lock:
            self._check(user_id, movie_id)
            event = event_row(user_id, movie_id, event_type, value=value, request_id=request_id, now=now)
            self._commit(lambda cursor: cursor.write("serving/add_feedback", **event))
            self._take_opinion(user_id, movie_id, event_type)
        return str(event["event_id"])

    def _rate(
        self, user_id: int, movie_id: int, rating: float, *, request_id: str | None, now: datetime
    ) -> str:
        if rating not in STARS:
            raise Invalid("A rating is 0.5 to 5 stars, in halves.")
        with self._lock:
            self._check(user_id, movie_id)
            event = event_row(user_id, movie_id, "rating", value=rating, request_id=request_id, now=now)
            values = {"user_id": user_id, "movie_id": movie_id, "rating": rating, "now": event["now"]}

            def work(cursor: Cursor) -> None:
                cursor.write("serving/add_user", user_id=user_id, now=event["now"])
                if not cursor.write("serving/change_rating", **values):
                    cursor.write("serving/add_rating", **values)
                cursor.write("serving/add_feedback", **event)

            self._commit(work)
            self._remember(user_id, movie_id, rating, int(now.timestamp()))
        return str(event["event_id"])

    def _check(self, user_id: int, movie_id: int) -> None:
        if not 1 <= user_id <= LARGEST_ID:
            raise Invalid(f"A user id is a whole number from 1 to {LARGEST_ID}.")
        self._check_loaded()
        if movie_id not in self._memory.loaded.movies:
            raise NotFound(f"There is no movie {movie_id} in this data set. Find movies with /movies/search.")

    def _check_loaded(self) -> None:
        if not self._memory.loaded.movies:
            raise NotReady("The ratings are still being read, so nobody is known yet. Try again in a moment.")

    def _known(self, user_id: int) -> History:
        self._check_loaded()
        history = self._memory.history(user_id)
        if history is None:
            raise NotFound(f"There is no user {user_id} yet. Rating a movie under this id makes that user.")
        return history

    def _commit(self, work: Callable[[Cursor], object]) -> None:
        """Do the writes in one transaction; once more on a fresh connection if the instance had gone bad."""
        try:
            with self._database.transaction() as cursor:
                work(cursor)
        except Unwritable:
            try:
                self._database.reconnect()
            except Conflict as error:
                raise Unwritable(str(error)) from error
            with self._database.transaction() as cursor:
                work(cursor)

    def _remember(self, user_id: int, movie_id: int, rating: float, rated_at: int) -> None:
        memory = self._memory
        before = memory.history(user_id)
        if before is None:
            memory.new_users.append(user_id)
            before = EMPTY
        after = before.with_rating(movie_id, rating, rated_at=rated_at, version=next(self._versions))
        memory.changed[user_id] = after
        memory.n_ratings += len(after) - len(before)

    def _take_opinion(self, user_id: int, movie_id: int, event_type: EventType) -> None:
        watched, unwanted = self._memory.watched, self._memory.unwanted
        if event_type is EventType.WATCHED:
            watched[user_id] = watched.get(user_id, frozenset()) | {movie_id}
        elif event_type in (EventType.HIDE, EventType.DISLIKE):
            unwanted[user_id] = unwanted.get(user_id, frozenset()) | {movie_id}
        elif event_type in (EventType.LIKE, EventType.WATCHLIST):
            unwanted[user_id] = unwanted.get(user_id, frozenset()) - {movie_id}


def _by_user(pairs: pl.DataFrame) -> dict[int, frozenset[int]]:
    groups = pairs.group_by("user_id").agg("movie_id")
    return {
        user_id: frozenset(movie_ids) for user_id, movie_ids in groups.select("user_id", "movie_id").rows()
    }


def _instant(seconds: np.int64) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
