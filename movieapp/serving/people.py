"""What the app knows of people, in memory: who they are, what they rated and what else they keep."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl

from movieapp.database import Database
from movieapp.errors import Invalid, NotFound, NotReady
from movieapp.preparation.interactions import LIKE
from movieapp.serving.histories import EMPTY, LARGEST_ID, History, instant
from movieapp.serving.kept import NOTHING, Kept, Person
from movieapp.serving.memory import Profile, empty_memory


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


@dataclass(frozen=True, slots=True, eq=False)
class ForLists:
    """What one person's lists are made from; None for somebody without ratings.

    `taste` is the `history` less what nothing may be learned from, so it may be empty; `aside` never belongs
    in a list, rated or not: watched, unwanted or unlearned. Another `key` means that something changed.
    """

    history: History | None
    taste: History | None
    aside: frozenset[int]
    key: tuple[object, ...]


NOBODY = ForLists(None, None, frozenset(), ())


class People:
    """Reading needs no database where nothing else is said; any thread may do it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._memory = empty_memory()

    @property
    def n_users(self) -> int:
        """How many people are known, with or without ratings."""
        return self._memory.n_users

    @property
    def n_ratings(self) -> int:
        """How many ratings there are now."""
        return self._memory.n_ratings

    def history(self, user_id: int) -> History | None:
        """Return the user's ratings as they are now; None for a stranger, who has none."""
        history = self._memory.history(user_id)
        return history if history is not None and len(history) else None

    def for_lists(self, user_id: int) -> ForLists:
        """Return what the user's lists are made from, as it is now."""
        person, history = self._memory.person(user_id), self.history(user_id)
        taste = _taste(person, history)
        version = -1 if history is None else history.version
        return ForLists(history, taste, person.aside, (user_id, version, person.aside, person.unlearned))

    def taste_with(self, user_id: int, movie_id: int, stars: float, at: datetime) -> History | None:
        """Return the taste that the user would have with this rating of the movie, kept or not."""
        history = self._memory.history(user_id) or EMPTY
        rated = history.with_rating(movie_id, stars, rated_at=instant(at), version=history.version)
        return _taste(self._memory.person(user_id), rated)

    def put_aside(self, user_id: int) -> frozenset[int]:
        """Return what never belongs in the user's lists, even unrated: watched, unwanted or unlearned."""
        return self._memory.person(user_id).aside

    def kept(self, user_id: int) -> Mapping[int, Kept]:
        """Return what the user keeps beside ratings, by movie id; films with nothing are not in it."""
        return self._memory.person(user_id).films

    def kept_of(self, user_id: int, movie_id: int) -> Kept:
        """Return what the user keeps about the movie beside its rating."""
        return self._memory.person(user_id).films.get(movie_id, NOTHING)

    def named(self) -> list[Profile]:
        """Return the people who have a name, the first made first."""
        return list(self._memory.profiles.values())

    def profile(self, user_id: int) -> Profile | None:
        """Return the name and color of a person who has one."""
        return self._memory.profiles.get(user_id)

    def is_nameless(self, user_id: int) -> bool:
        """Whether this is somebody made here without a name: by the first visit, or by a rating."""
        return user_id not in self._memory.profiles and user_id in self._memory.own_users()

    def named_as(self, name: str) -> Profile | None:
        """Return the person of that name, whatever its case."""
        wanted = " ".join(name.split()).lower()
        return next((one for one in self.named() if one.name.lower() == wanted), None)

    def is_known(self, user_id: int) -> bool:
        """Whether somebody has this id, with or without ratings."""
        return self._memory.history(user_id) is not None

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
        chosen = dict.fromkeys([*memory.own_users(), *memory.loaded.most_active])
        counted = ((user_id, len(memory.history(user_id) or ())) for user_id in chosen)
        return list(itertools.islice((pair for pair in counted if pair[1] > 0), max(limit, 0)))

    def _check(self, user_id: int, movie_id: int, *, is_known: bool) -> None:
        self._check_id(user_id)
        self._check_loaded()
        if is_known:
            self._known(user_id)
        if movie_id not in self._memory.loaded.movies:
            raise NotFound(f"There is no movie {movie_id} in this data set. Find movies with /movies/search.")

    def _check_id(self, user_id: int) -> None:
        if not 1 <= user_id <= LARGEST_ID:
            raise Invalid(f"A user id is a whole number from 1 to {LARGEST_ID}.")

    def _check_loaded(self) -> None:
        if not self._memory.loaded.movies:
            raise NotReady("The ratings are still being read, so nobody is known yet. Try again in a moment.")

    def _known(self, user_id: int) -> History:
        self._check_loaded()
        history = self._memory.history(user_id)
        if history is None:
            raise NotFound(f"There is no user {user_id} yet. Rating a movie under this id makes that user.")
        return history


def _taste(person: Person, history: History | None) -> History | None:
    """Return the history less what nothing may be learned from."""
    return history if history is None or not person.unlearned else history.less(person.unlearned)


def _instant(seconds: np.int64) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
