"""What people do: each change in the database and then in memory, in one step."""

import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from movieapp.database import Cursor, Database, Unwritable, naive
from movieapp.errors import Conflict, NotFound
from movieapp.serving.feedback import REMOVALS, Event, EventType, event_row
from movieapp.serving.histories import History as History
from movieapp.serving.keeping import read_kept, read_rating, write_told
from movieapp.serving.kept import Told, after
from movieapp.serving.memory import Profile, read_history, read_memory, read_profiles
from movieapp.serving.names import free_name, next_color, proper_color, write_deletion
from movieapp.serving.people import People
from movieapp.serving.people import Rated as Rated
from movieapp.serving.people import UserSummary as UserSummary
from movieapp.sources.exports.applying import Applied, apply, name_user
from movieapp.sources.exports.preview import Preview
from movieapp.sources.own_data import free_id

# So many of the latest events can be undone.
UNDOABLE = 10_000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Change:
    """What an event changed."""

    user_id: int
    movie_id: int
    before: Told
    after: Told


class Profiles(People):
    """People and what they do."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        # Commit and memory change are one step: memory never shows what is not durable, nor in another order.
        self._lock = threading.Lock()
        self._versions = itertools.count(1)
        self._given: set[int] = set()
        self._changes: OrderedDict[str, Change] = OrderedDict()

    def load(self) -> None:
        """Read all people of the database anew: at the start and after every ingest."""
        with self._lock:
            is_first = len(self._memory.loaded.movie_ids) == 0
            self._memory = read_memory(self._database, version=0 if is_first else next(self._versions))
            self._changes.clear()

    def new_id(self) -> int:
        """Return a user id that nobody ever had, and that nobody else is given while this process runs."""
        with self._lock:
            user_id = free_id(self._given | self._memory.taken())
            self._given.add(user_id)
            return user_id

    def rate(
        self, user_id: int, movie_id: int, rating: float, *, now: datetime, request_id: str | None = None
    ) -> str:
        """Set the rating, given in the list `request_id` if any. As `tell`."""
        event = Event(EventType.RATING, rating)
        return self.tell(user_id, movie_id, event, request_id=request_id, now=now)

    def unrate(self, user_id: int, movie_id: int, *, now: datetime) -> str:
        """Take back the user's rating of the movie. As `tell`."""
        return self.tell(user_id, movie_id, Event(EventType.RATING_REMOVED), now=now)

    def tell(
        self, user_id: int, movie_id: int, event: Event, *, request_id: str | None = None, now: datetime
    ) -> str:
        """Keep what the user told about the movie, durable when this returns; return the event's id.

        All but a click make a user of a new id. `NotFound` for taking back what is not there.
        """
        event.check(now)
        now = now.astimezone(UTC)
        row = event_row(user_id, movie_id, event, request_id=request_id, now=now)
        is_click = event.event_type is EventType.CLICK
        with self._lock:
            self._check(user_id, movie_id, is_known=event.event_type in REMOVALS)

            def work(cursor: Cursor) -> Change:
                before = self._told(cursor, user_id, movie_id)
                change = Change(user_id, movie_id, before, after(before, event, now))
                if not is_click and not self.is_known(user_id):
                    cursor.write("serving/add_user", user_id=user_id, now=row["now"])
                write_told(cursor, user_id, movie_id, before=before, after=change.after)
                cursor.write("serving/add_feedback", **row)
                return change

            change = self._commit(work)
            if not is_click:
                self._take(change, change.before, change.after)
            self._changes[row["event_id"]] = change
            if len(self._changes) > UNDOABLE:
                self._changes.popitem(last=False)
        return str(row["event_id"])

    def undo(self, event_id: str) -> Change:
        """Put back what was before an event, rating and instants included, and forget the event.

        `NotFound` for an event that is too long ago, a `Conflict` after a later one about the same film.
        """
        with self._lock:
            change = self._changes.get(event_id)
            if change is None:
                raise NotFound(
                    f"There is no event {event_id[:40]} that can be undone: only the latest since the start "
                    "can be. Change what it did instead."
                )

            def work(cursor: Cursor) -> None:
                now_told = self._told(cursor, change.user_id, change.movie_id)
                if now_told != change.after:
                    raise Conflict(
                        "Something else was told about this film since then. Undo that first, or change it."
                    )
                write_told(cursor, change.user_id, change.movie_id, before=now_told, after=change.before)
                cursor.write("serving/remove_feedback", event_id=event_id)

            self._commit(work)
            if change.before != change.after:
                self._take(change, change.after, change.before)
            del self._changes[event_id]
        return change

    def make(self, name: str, *, color: str | None = None, now: datetime) -> Profile:
        """Make somebody with a name and a new id; `Conflict` if the name is taken."""
        user_id = self.new_id()
        with self._lock:
            self._check_loaded()
            others = self._memory.profiles.values()
            profile = Profile(
                user_id,
                free_name(name, others),
                proper_color(color) if color is not None else next_color(others),
                now.astimezone(UTC),
            )

            def work(cursor: Cursor) -> None:
                cursor.write("serving/add_user", user_id=user_id, now=naive(now))
                name_user(cursor, user_id, name=profile.name, color=profile.color, now=now)

            self._commit(work)
            self._memory.meet(user_id)
            self._memory.profiles = {**self._memory.profiles, user_id: profile}
        return profile

    def change(
        self, user_id: int, *, name: str | None = None, color: str | None = None, now: datetime
    ) -> Profile:
        """Give a profile another name, another color or both, and somebody made here the name they lack."""
        with self._lock:
            self._check_loaded()
            others = [one for one in self._memory.profiles.values() if one.user_id != user_id]
            old = self._memory.profiles.get(user_id)
            is_nameless = name is not None and self.is_nameless(user_id)
            if is_nameless:
                old = Profile(user_id, "", next_color(others), now.astimezone(UTC))
            if old is None:
                raise NotFound(f"There is no profile {user_id}. GET /profiles lists them.")
            profile = Profile(
                user_id,
                old.name if name is None else free_name(name, others),
                old.color if color is None else proper_color(color),
                old.created_at,
            )

            def work(cursor: Cursor) -> None:
                if is_nameless:
                    name_user(cursor, user_id, name=profile.name, color=profile.color, now=now)
                else:
                    cursor.write(
                        "serving/change_profile", user_id=user_id, called=profile.name, color=profile.color
                    )

            self._commit(work)
            self._memory.profiles = {**self._memory.profiles, user_id: profile}
        return profile

    def delete(self, user_id: int) -> None:
        """Delete somebody made here and everything of theirs; the id is a stranger's then.

        `NotFound` for a stranger, a `Conflict` for a person of the release.
        """
        with self._lock:
            self._known(user_id)
            if self._database.read("serving/user", user_id=user_id)["source"].item() != "app":
                raise Conflict(
                    f"User {user_id} is a person of the release, whose ratings belong to it. "
                    "Only people made here can be deleted."
                )
            self._commit(lambda cursor: write_deletion(cursor, user_id))
            self._memory.forget(user_id)
            self._given.add(user_id)
            self._forget_changes(user_id)

    def take_in(
        self,
        user_id: int,
        preview: Preview,
        *,
        choices: Mapping[int, int | None] | None = None,
        is_overwriting: bool = False,
        now: datetime,
    ) -> Applied:
        """Put an import into somebody's profile, as `apply` says; the next list knows of it."""
        with self._lock:
            self._check_id(user_id)
            self._check_loaded()
            done = apply(
                self._database,
                preview,
                user_id=user_id,
                choices=choices,
                is_overwriting=is_overwriting,
                now=now,
            )
            history = read_history(self._database, user_id, version=next(self._versions))
            self._memory.replace(user_id, history, read_kept(self._database, user_id).get(user_id))
            self._memory.profiles = read_profiles(self._database)
            self._forget_changes(user_id)
        return done

    def _told(self, cursor: Cursor, user_id: int, movie_id: int) -> Told:
        history = self._memory.history(user_id)
        is_rated = history is not None and history.stars_of(movie_id) is not None
        rating = read_rating(cursor, user_id, movie_id) if is_rated else None
        return Told(rating, self.kept_of(user_id, movie_id))

    def _take(self, change: Change, before: Told, now: Told) -> None:
        version = next(self._versions)
        self._memory.take(change.user_id, change.movie_id, before, now, version=version)

    def _forget_changes(self, user_id: int) -> None:
        for event_id in [key for key, change in self._changes.items() if change.user_id == user_id]:
            del self._changes[event_id]

    def _commit(self, work: Callable[[Cursor], _T]) -> _T:
        """Do the writes in one transaction; once more on a fresh connection if the instance had gone bad."""
        try:
            with self._database.transaction() as cursor:
                return work(cursor)
        except Unwritable:
            try:
                self._database.reconnect()
            except Conflict as error:
                raise Unwritable(str(error)) from error
            with self._database.transaction() as cursor:
                return work(cursor)
