"""Who rated what, as arrays: every history that the database holds, side by side."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

LARGEST_ID = 2**31 - 1
MOST_ACTIVE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """One user's ratings: three arrays side by side, by movie id.

    `version` changes with every change of the history and every reload, and no user has one twice in this
    process. It is 0 for every history as it was loaded first and never changed since.
    """

    movie_ids: np.ndarray
    stars: np.ndarray
    rated_at: np.ndarray
    version: int

    def __len__(self) -> int:
        return len(self.movie_ids)

    def stars_of(self, movie_id: int) -> float | None:
        """Return the stars that the user gave the movie, or None."""
        place = int(np.searchsorted(self.movie_ids, movie_id))
        found = place < len(self.movie_ids) and self.movie_ids[place] == movie_id
        return float(self.stars[place]) if found else None

    def with_rating(self, movie_id: int, stars: float, *, rated_at: int, version: int) -> "History":
        """Return the history with this rating of the movie, in place of an earlier one."""
        place = int(np.searchsorted(self.movie_ids, movie_id))
        rest = self if self.stars_of(movie_id) is None else self.without(movie_id, version=version)
        return History(
            np.insert(rest.movie_ids, place, movie_id),
            np.insert(rest.stars, place, stars),
            np.insert(rest.rated_at, place, rated_at),
            version,
        )

    def without(self, movie_id: int, *, version: int) -> "History":
        """Return the history less its rating of the movie, which has to be there."""
        place = int(np.searchsorted(self.movie_ids, movie_id))
        return History(
            np.delete(self.movie_ids, place),
            np.delete(self.stars, place),
            np.delete(self.rated_at, place),
            version,
        )

    def less(self, movie_ids: frozenset[int]) -> "History":
        """Return the history less its ratings of these movies, with the same version."""
        stays = ~np.isin(self.movie_ids, list(movie_ids))
        return History(self.movie_ids[stays], self.stars[stays], self.rated_at[stays], self.version)


EMPTY = History(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int64), 0)


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """All histories of the database in a row: the user at place i has `starts[i]` up to `starts[i + 1]`."""

    places: dict[int, int]  # ten times faster than searching an array, at 100 bytes a user
    starts: np.ndarray
    movie_ids: np.ndarray
    stars: np.ndarray
    rated_at: np.ndarray  # unsigned 32 bits: half of what 32 million ratings would take as int64
    movies: frozenset[int]
    own_users: tuple[int, ...]
    most_active: tuple[int, ...]
    version: int

    def history(self, user_id: int) -> History | None:
        """Return the user's part, empty for a user without ratings, None for an unknown id."""
        place = self.places.get(user_id)
        if place is None:
            return None
        part = slice(self.starts[place], self.starts[place + 1])
        return History(
            self.movie_ids[part], self.stars[part], self.rated_at[part].astype(np.int64), self.version
        )


def arrange(
    ratings: pl.DataFrame, *, people: list[int], own: list[int], movies: frozenset[int], version: int
) -> Loaded:
    """Lay the ratings, which come by user and movie, out as arrays."""
    column = ratings["user_id"].to_numpy()
    users = np.union1d(np.array(people, np.int32), column[np.flatnonzero(np.diff(column, prepend=-1))])
    starts = np.searchsorted(column, np.append(users, np.int32(LARGEST_ID))).astype(np.int64)
    starts[-1] = len(column)
    counts = np.diff(starts)
    active = users[np.argsort(-counts, kind="stable")[:MOST_ACTIVE]]
    return Loaded(
        places={user_id: place for place, user_id in enumerate(users.tolist())},
        starts=starts,
        movie_ids=ratings["movie_id"].to_numpy(),
        stars=ratings["rating"].to_numpy(),
        rated_at=ratings["rated_at"].to_numpy(),
        movies=movies,
        own_users=tuple(reversed(own)),
        most_active=tuple(active.tolist()),
        version=version,
    )


def instant(at: datetime) -> int:
    """Return an instant as histories hold it: seconds since 1970, none before."""
    return max(int(at.timestamp()), 0)


def nothing() -> Loaded:
    """Return what is known before there is a release."""
    ratings = pl.DataFrame(
        schema={"user_id": pl.Int32, "movie_id": pl.Int32, "rating": pl.Float32, "rated_at": pl.UInt32}
    )
    return arrange(ratings, people=[], own=[], movies=frozenset(), version=0)
