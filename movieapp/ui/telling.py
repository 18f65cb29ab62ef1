"""What people tell of films: kept, said in a sentence, and undone on request."""

import asyncio
from collections.abc import Awaitable, Callable
from weakref import WeakKeyDictionary

from nicegui import Client, run, ui

from movieapp.serving.feedback import Event
from movieapp.serving.lists import Film
from movieapp.ui.icons import icon
from movieapp.ui.notices import safely, text_button
from movieapp.ui.services import Services

Undo = Callable[[], Awaitable[None]]

_places: "WeakKeyDictionary[Client, ui.element]" = WeakKeyDictionary()


def told_place() -> None:
    """Hold the place at the foot of a page where is said what was just done."""
    _places[ui.context.client] = (
        ui.element("div").classes("told-place").props("role=status aria-live=polite").mark("told")
    )


async def tell(
    services: Services,
    user_id: int,
    film: Film,
    event: Event,
    sentence: str,
    *,
    request_id: str | None = None,
    settled: Callable[[], object],
) -> None:
    """Keep what somebody told of a film, say so, and offer to undo it; `settled` is called after both."""
    # What was clicked may be gone from the page by the time it is kept.
    client, now = ui.context.client, services.clock()

    def keep() -> str:
        return services.profiles.tell(user_id, film.movie_id, event, request_id=request_id, now=now)

    def score() -> None:
        """Work out what a rating changes while it goes to the disk."""
        if event.value is not None:
            services.recommender.score_ahead(user_id, rated=(film.movie_id, event.value, now))

    event_id, _ = await asyncio.gather(run.io_bound(keep), run.io_bound(score))
    # What was scored holds, unless something else was told meanwhile.
    await run.io_bound(services.recommender.score_ahead, user_id)
    if event_id is None or client.is_deleted:
        return

    def take_back() -> None:
        services.profiles.undo(event_id)
        services.recommender.score_ahead(user_id)

    async def undo() -> None:
        await run.io_bound(take_back)
        with client.layout:
            said(f"Undone. {film.name} is as it was before.")
            settled()

    with client.layout:
        said(sentence, undo=undo)
        settled()


def said(sentence: str, *, undo: Undo | None = None) -> None:
    """Say what was done, for some seconds or until the next; with `undo`, a button takes it back."""
    place = _places.get(ui.context.client)
    if place is None or place.is_deleted:
        return
    place.clear()
    # Made anew each time, so that the style sheet counts the seconds from now.
    with place, ui.element("div").classes("told"):
        ui.label(sentence).classes("told-sentence")
        if undo is not None:
            text_button("Undo", undo, icon_name="undo").classes("told-undo").mark("undo-told")
        with ui.element("button").classes("told-close").props('type=button aria-label="Close"') as close:
            icon("close")
        close.on("click", safely(place.clear), args=[])
