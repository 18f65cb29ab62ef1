"""Stand-ins for the catalogue and for people: what they tell is kept in dictionaries."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from movieapp.errors import Conflict, NotFound
from movieapp.serving.feedback import Event, EventType
from movieapp.serving.histories import History
from movieapp.serving.kept import NOTHING, Kept, Rating, Told, after
from movieapp.serving.lists import Film
from movieapp.serving.memory import Profile
from movieapp.serving.people import Rated, UserSummary

LONG_AGO = datetime(2001, 5, 4, 3, 2, 1, tzinfo=UTC)
NOWHERE = Film(0, "", "", None, ())


@dataclass
class FakeCatalogue:
    """Films in the order of their popularity; the model could know all but the fourth."""

    films: tuple[Film, ...]

    @property
    def has_runtimes(self) -> bool:
        return False

    @property
    def posters(self) -> dict[int, Path]:
        return {}

    @property
    def n_ratings(self) -> list[int]:
        return [3 if row == 3 else 30 for row in range(len(self.films))]

    def row(self, movie_id: int) -> int | None:
        return next((row for row, film in enumerate(self.films) if film.movie_id == movie_id), None)

    @property
    def genres(self) -> tuple[str, ...]:
        return tuple(sorted({genre for film in self.films for genre in film.genres}))

    def film(self, movie_id: int) -> Film | None:
        return next((film for film in self.films if film.movie_id == movie_id), None)

    def year_range(self) -> tuple[int, int]:
        years = [film.release_year for film in self.films if film.release_year]
        return min(years), max(years)

    def search(self, text: str, *, limit: int) -> list[Film]:
        return [film for film in self.films if text.lower() in film.name.lower()][:limit]


@dataclass
class FakeProfiles:
    """Ratings, what else is told of films, and names, in dictionaries."""

    films: FakeCatalogue
    stars: dict[int, dict[int, float]] = field(default_factory=dict)
    refuses: Exception | None = None
    rated_in: list[str | None] = field(default_factory=list)
    next_id: int = 100
    told: dict[int, dict[int, Kept]] = field(default_factory=dict)
    names: dict[int, Profile] = field(default_factory=dict)
    before: dict[str, tuple[int, int, Told]] = field(default_factory=dict)

    @property
    def n_users(self) -> int:
        return len(self.stars)

    @property
    def n_ratings(self) -> int:
        return sum(map(len, self.stars.values()))

    def history(self, user_id: int) -> History | None:
        of_user = sorted(self.stars.get(user_id, {}).items())
        if not of_user:
            return None
        ids, stars = zip(*of_user, strict=True)
        when = np.full(len(ids), int(LONG_AGO.timestamp()), np.int64)
        return History(np.array(ids, np.int32), np.array(stars, np.float32), when, 1)

    def for_lists(self, user_id: int) -> Any:
        history = self.history(user_id)
        unlearned = [key for key, kept in self.kept(user_id).items() if kept.unlearned_at]
        taste = history and history.less(frozenset(unlearned))
        key = (dict(self.stars.get(user_id, {})), self.put_aside(user_id), unlearned)
        return SimpleNamespace(history=history, taste=taste, key=key)

    def put_aside(self, user_id: int) -> frozenset[int]:
        return frozenset(key for key, kept in self.kept(user_id).items() if kept.is_aside)

    def user(self, user_id: int) -> UserSummary:
        stars = self.stars.get(user_id)
        if not stars:
            raise NotFound(f"There is no user {user_id} yet.")
        liked = [m for m, rating in stars.items() if rating >= 4]
        genres = Counter(g for m in liked for g in (self.films.film(m) or NOWHERE).genres)
        return UserSummary(
            user_id, None, None, None, "release", len(stars), len(liked), sum(stars.values()) / len(stars),
            LONG_AGO, LONG_AGO, tuple(genre for genre, _ in genres.most_common(3)),
        )  # fmt: skip

    def ratings(self, user_id: int) -> list[Rated]:
        return [Rated(movie_id, rating, LONG_AGO) for movie_id, rating in self.stars.get(user_id, {}).items()]

    def users(self, limit: int) -> list[tuple[int, int]]:
        busiest = sorted(self.stars, key=lambda user_id: -len(self.stars[user_id]))
        return [(user_id, len(self.stars[user_id])) for user_id in busiest[:limit]]

    def new_id(self) -> int:
        self.next_id += 1
        return self.next_id

    def kept(self, user_id: int) -> Mapping[int, Kept]:
        return self.told.get(user_id, {})

    def kept_of(self, user_id: int, movie_id: int) -> Kept:
        return self.kept(user_id).get(movie_id, NOTHING)

    def tell(
        self, user_id: int, movie_id: int, event: Event, *, request_id: str | None = None, now: datetime
    ) -> str:  # fmt: skip
        if self.refuses:
            raise self.refuses
        event.check(now)
        stars = self.stars.get(user_id, {}).get(movie_id)
        rating = None if stars is None else Rating(stars, now, now, "app")
        before = Told(rating, self.kept_of(user_id, movie_id))
        self._is_now(user_id, movie_id, after(before, event, now))
        self.rated_in.append(request_id)
        self.before[event_id := f"event {len(self.rated_in)}"] = (user_id, movie_id, before)
        return event_id

    def rate(
        self, user_id: int, movie_id: int, rating: float, *, now: datetime, request_id: str | None = None
    ) -> str:  # fmt: skip
        return self.tell(user_id, movie_id, Event(EventType.RATING, rating), request_id=request_id, now=now)

    def unrate(self, user_id: int, movie_id: int, *, now: datetime) -> str:
        return self.tell(user_id, movie_id, Event(EventType.RATING_REMOVED), now=now)

    def undo(self, event_id: str) -> None:
        self._is_now(*self.before.pop(event_id))

    def named(self) -> list[Profile]:
        return list(self.names.values())

    def profile(self, user_id: int) -> Profile | None:
        return self.names.get(user_id)

    def make(self, name: str, *, color: str | None = None, now: datetime) -> Profile:
        if any(name == one.name for one in self.names.values()):
            raise Conflict(f"There is a profile named {name} already. Choose another name.")
        made = Profile(self.new_id(), name, color or "#1d4ed8", now)
        self.names[made.user_id] = made
        return made

    def is_nameless(self, user_id: int) -> bool:
        return user_id >= 100 and user_id in self.stars and user_id not in self.names

    def change(
        self, user_id: int, *, name: str | None = None, color: str | None = None, now: datetime
    ) -> Profile:
        old = self.names.get(user_id) or Profile(user_id, "", "#1d4ed8", now)
        self.names[user_id] = Profile(user_id, name or old.name, color or old.color, old.created_at)
        return self.names[user_id]

    def delete(self, user_id: int) -> None:
        for kept in (self.stars, self.told, self.names):
            kept.pop(user_id, None)

    def _is_now(self, user_id: int, movie_id: int, told: Told) -> None:
        self.told.setdefault(user_id, {}).pop(movie_id, None)
        self.stars.setdefault(user_id, {}).pop(movie_id, None)
        if told.kept != NOTHING:
            self.told[user_id][movie_id] = told.kept
        if told.rating is not None:
            self.stars[user_id][movie_id] = told.rating.stars
