"""What people tell of films: kept, said in a sentence, and undone on request."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self
from weakref import WeakKeyDictionary

from nicegui import Client, background_tasks, run, ui

from movieapp.serving.feedback import Event, EventType
from movieapp.serving.lists import Film
from movieapp.ui.notices import safely
from movieapp.ui.services import Services

log = logging.getLogger(__name__)

Undo = Callable[[], Awaitable[None]]
# A rating is dated by when it was pointed at, so that it may not lie long before it is given.
FORESEEN_FOR = timedelta(seconds=5)
LEFT_WATCHLIST = "It left the watchlist."

_places: "WeakKeyDictionary[Client, ui.element]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The scores that somebody would have with the stars they point at, being worked out before these are
    given. Nothing is kept.

    They rest on a rating of the instant `at`, and on what the person's lists were made from then, which is
    known by its `key`.
    """

    stars: float
    at: datetime
    key: tuple[object, ...]
    scored: "asyncio.Task[None]"

    @classmethod
    def of(cls, services: Services, user_id: int, film: Film, stars: float) -> Self:
        """Begin to work them out."""
        at = services.clock()
        Event(EventType.RATING, stars).check(at)
        key = services.profiles.for_lists(user_id).key
        rated = (film.movie_id, stars, at)
        scoring = run.io_bound(lambda: _score_ahead(services, user_id, rated=rated))
        return cls(stars, at, key, background_tasks.create(scoring, name="foreseen"))

    def holds(self, services: Services, user_id: int, stars: float) -> bool:
        """Return whether these are the stars, and nothing was told since then."""
        is_recent = services.clock() - self.at <= FORESEEN_FOR
        return self.stars == stars and is_recent and self.key == services.profiles.for_lists(user_id).key


def told_place() -> None:
    """Hold the place at the foot of a page where is said what was just done."""
    with ui.element("div").classes("told-place").props("role=status aria-live=polite").mark("told") as place:
        # An empty one brings its script with the page: whatever is told first would wait for that.
        _Said("", close=place.clear)
    _places[ui.context.client] = place


async def tell(
    services: Services,
    user_id: int,
    film: Film,
    event: Event,
    sentence: str,
    *,
    request_id: str | None = None,
    foreseen: Foreseen | None = None,
    settled: Callable[[], object],
) -> None:
    """Keep what somebody told of a film, say so, and offer to undo it; `settled` is called after both.

    `foreseen` has the scores with this rating, if they were worked out before and still hold.
    """
    # What was clicked may be gone from the page by the time it is kept.
    client, now = ui.context.client, services.clock()
    if foreseen is not None:
        event = replace(event, decided_at=foreseen.at)

    def is_listed() -> bool:
        return services.profiles.kept_of(user_id, film.movie_id).listed_at is not None

    was_listed = is_listed() and event.event_type is not EventType.WATCHLIST_REMOVED

    def keep() -> str:
        return services.profiles.tell(user_id, film.movie_id, event, request_id=request_id, now=now)

    def score() -> None:
        """Work out what a rating changes while it goes to the disk."""
        if event.value is not None:
            _score_ahead(services, user_id, rated=(film.movie_id, event.value, now))

    scoring = run.io_bound(score) if foreseen is None else foreseen.scored
    event_id, _ = await asyncio.gather(run.io_bound(keep), scoring)
    # A rating is scored by now, unless something else was told meanwhile; what else changes a taste is not.
    if not services.recommender.has_scored(user_id):
        await run.io_bound(_score_ahead, services, user_id)
    if event_id is None or client.is_deleted:
        return

    def take_back() -> None:
        services.profiles.undo(event_id)
        _score_ahead(services, user_id)

    async def undo() -> None:
        await run.io_bound(take_back)
        with client.layout:
            said(f"Undone. {film.name} is as it was before.")
            settled()

    with client.layout:
        said(f"{sentence} {LEFT_WATCHLIST}" if was_listed and not is_listed() else sentence, undo=undo)
        settled()


def _score_ahead(
    services: Services, user_id: int, *, rated: tuple[int, float, datetime] | None = None
) -> None:
    """Save the list some time. What was told is kept, whatever becomes of this."""
    try:
        services.recommender.score_ahead(user_id, rated=rated)
    except Exception:
        log.exception("scores could not be worked out ahead")


def said(sentence: str, *, undo: Undo | None = None) -> None:
    """Say what was done, for some seconds or until the next; with `undo`, a button takes it back."""
    place = _places.get(ui.context.client)
    if place is None or place.is_deleted:
        return
    place.clear()
    # Made anew each time, so that the style sheet counts the seconds from now.
    with place:
        _Said(sentence, undo=undo, close=place.clear)


class _Said(ui.element, component="assets/told.js"):
    """A sentence and its buttons as one element: it comes with every list that changes."""

    def __init__(self, sentence: str, *, undo: Undo | None = None, close: Callable[[], object]) -> None:
        super().__init__()
        self.props.update(sentence=sentence, canUndo=undo is not None)
        self.on("close", safely(close), args=[])
        if undo is not None:
            self.mark("undo-told").on("undo", safely(undo), args=[])

    def _displayed_contents(self, *, only_visible: bool) -> list[Any]:
        """Return what is read, where a text is looked for on a page."""
        return [self.props["sentence"]]
