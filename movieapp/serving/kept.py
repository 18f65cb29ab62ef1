"""What a person keeps about one film, and what each thing that they tell makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from movieapp.errors import NotFound
from movieapp.serving.feedback import Event, EventType

UNWANTED = (EventType.HIDE, EventType.DISLIKE)


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as the database has it; `source` is "release" or "app"."""

    stars: float
    rated_at: datetime
    arrived_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """`kind` is like, dislike or hide; only the latest counts."""

    kind: EventType
    since: datetime


@dataclass(frozen=True, slots=True)
class Watch:
    """One viewing; `watched_on` is None where only is known that there was one. `nth` counts on a day."""

    watched_on: date | None
    nth: int
    is_rewatch: bool
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote about a film."""

    text: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What one person keeps about one film beside the rating. Instants are UTC, with their zone.

    `watches` go by day; `listed_at` is since when the film is on the watchlist, `unlearned_at` since when
    nothing is learned from it; None where it is not.
    """

    opinion: Opinion | None = None
    watches: tuple[Watch, ...] = ()
    listed_at: datetime | None = None
    note: Note | None = None
    unlearned_at: datetime | None = None

    @property
    def is_aside(self) -> bool:
        """Whether it keeps the film out of the person's lists: seen, unwanted, or nothing to learn from."""
        is_unwanted = self.opinion is not None and self.opinion.kind in UNWANTED
        return bool(self.watches) or is_unwanted or self.unlearned_at is not None


NOTHING = Kept()


@dataclass(frozen=True, slots=True)
class Told:
    """All that one person told about one film."""

    rating: Rating | None
    kept: Kept


@dataclass(frozen=True, slots=True)
class Person:
    """What one person keeps, by movie id, only films with something; and what follows for their lists."""

    films: Mapping[int, Kept]
    aside: frozenset[int]
    unlearned: frozenset[int]

    @classmethod
    def of(cls, films: Mapping[int, Kept]) -> "Person":
        """Work out what follows."""
        return cls(
            films,
            frozenset(movie_id for movie_id, kept in films.items() if kept.is_aside),
            frozenset(movie_id for movie_id, kept in films.items() if kept.unlearned_at is not None),
        )

    def having(self, movie_id: int, kept: Kept) -> "Person":
        """Return the person with this of the film."""
        films = {**self.films, movie_id: kept}
        if kept == NOTHING:
            del films[movie_id]
        return Person.of(films)


NOBODY = Person({}, frozenset(), frozenset())


def after(told: Told, event: Event, now: datetime) -> Told:
    """Return what is told after the event; `NotFound` for taking back what is not there.

    A film that is rated or watched, or not wanted, leaves the watchlist; one that is put on it is wanted.
    """
    kept, kind = told.kept, event.event_type
    match kind:
        case EventType.RATING:
            assert event.value is not None
            rating = Rating(event.value, event.decided_at or now, now, "app")
            return Told(rating, replace(kept, listed_at=None))
        case EventType.LIKE | EventType.DISLIKE | EventType.HIDE:
            same = kept.opinion is not None and kept.opinion.kind is kind
            opinion = kept.opinion if same else Opinion(kind, now)
            listed_at = None if kind in UNWANTED else kept.listed_at
            return Told(told.rating, replace(kept, opinion=opinion, listed_at=listed_at))
        case EventType.WATCHED:
            watches = _with_watch(kept.watches, event, now)
            return Told(told.rating, replace(kept, watches=watches, listed_at=None))
        case EventType.WATCHLIST:
            is_unwanted = kept.opinion is not None and kept.opinion.kind in UNWANTED
            opinion = None if is_unwanted else kept.opinion
            return Told(told.rating, replace(kept, opinion=opinion, listed_at=kept.listed_at or now))
        case EventType.NOTE:
            assert event.note is not None
            is_same = kept.note is not None and kept.note.text == event.note
            return Told(told.rating, replace(kept, note=kept.note if is_same else Note(event.note, now)))
        case EventType.UNLEARNED:
            return Told(told.rating, replace(kept, unlearned_at=kept.unlearned_at or now))
        case EventType.CLICK:
            return told
    return _without(told, event)


def _without(told: Told, event: Event) -> Told:
    """Take back what is there."""
    kept = told.kept
    match event.event_type:
        case EventType.RATING_REMOVED:
            _there(told.rating, "There is no rating of this film to remove.")
            return Told(None, kept)
        case EventType.OPINION_REMOVED:
            _there(kept.opinion, "There is no like, dislike or hiding of this film to take back.")
            return Told(told.rating, replace(kept, opinion=None))
        case EventType.WATCHED_REMOVED:
            day = event.watched_on
            left = tuple(one for one in kept.watches if day is not None and one.watched_on != day)
            _there(len(kept.watches) - len(left), "There is no such viewing of this film to remove.")
            return Told(told.rating, replace(kept, watches=left))
        case EventType.WATCHLIST_REMOVED:
            _there(kept.listed_at, "This film is not on the watchlist, so it cannot be taken off.")
            return Told(told.rating, replace(kept, listed_at=None))
        case EventType.NOTE_REMOVED:
            _there(kept.note, "There is no note on this film to remove.")
            return Told(told.rating, replace(kept, note=None))
        case _:
            _there(kept.unlearned_at, "This film is learned from, so there is nothing to take back.")
            return Told(told.rating, replace(kept, unlearned_at=None))


def _there(value: object, otherwise: str) -> None:
    if not value:
        raise NotFound(otherwise)


def _with_watch(watches: tuple[Watch, ...], event: Event, now: datetime) -> tuple[Watch, ...]:
    """Return the viewings with one more; of one day by hand only one, and none of no day beside others."""
    day = event.watched_on
    if day is None and watches:
        return watches
    of_day = [one for one in watches if one.watched_on == day]
    if of_day:
        is_rewatch = of_day[0].is_rewatch if event.is_rewatch is None else event.is_rewatch
        changed = replace(of_day[0], is_rewatch=is_rewatch)
        return tuple(changed if one is of_day[0] else one for one in watches)
    # A viewing of no known day becomes the one whose day is known now.
    dated = [one for one in watches if one.watched_on is not None]
    is_rewatch = bool(dated) if event.is_rewatch is None else event.is_rewatch
    return in_order([*dated, Watch(day, 1, is_rewatch, now)])


def in_order(watches: list[Watch]) -> tuple[Watch, ...]:
    """Return the viewings by day."""
    return tuple(sorted(watches, key=lambda one: (one.watched_on or date.min, one.nth)))
