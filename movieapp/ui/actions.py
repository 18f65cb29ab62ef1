"""What one can do with a film: in the menu of a card, and on its page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from nicegui import ui

from movieapp.serving.feedback import LONGEST_NOTE, Event, EventType
from movieapp.serving.kept import UNWANTED, Kept, Watch
from movieapp.serving.lists import Film
from movieapp.ui.figures import day
from movieapp.ui.icons import icon
from movieapp.ui.notices import safely, text_button
from movieapp.ui.services import Services
from movieapp.ui.stars import RateControl
from movieapp.ui.telling import Foreseen, tell
from movieapp.ui.viewer import link


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that holds for a film or does not; `told` and `taken_back` say so with the film's name."""

    key: str
    drawing: str
    text: str
    on: EventType
    off: EventType
    told: str
    taken_back: str
    is_on: Callable[[Kept], bool]


WATCHLIST = Switch(
    "watchlist",
    "bookmark",
    "Watchlist",
    EventType.WATCHLIST,
    EventType.WATCHLIST_REMOVED,
    "{} is on the watchlist.",
    "{} is off the watchlist.",
    lambda kept: kept.listed_at is not None,
)
LIKE = Switch(
    "like",
    "heart",
    "Like",
    EventType.LIKE,
    EventType.OPINION_REMOVED,
    "{} is liked.",
    "{} is liked no more.",
    lambda kept: kept.opinion is not None and kept.opinion.kind is EventType.LIKE,
)
HIDE = Switch(
    "hide",
    "eye-off",
    "Never show again",
    EventType.HIDE,
    EventType.OPINION_REMOVED,
    "{} is hidden.",
    "{} may come up again.",
    lambda kept: kept.opinion is not None and kept.opinion.kind in UNWANTED,
)
UNLEARN = Switch(
    "unlearn",
    "no-lesson",
    "Do not learn from it",
    EventType.UNLEARNED,
    EventType.UNLEARNED_REMOVED,
    "Nothing is learned from {} any more.",
    "{} is learned from again.",
    lambda kept: kept.unlearned_at is not None,
)
SWITCHES = (WATCHLIST, LIKE, HIDE, UNLEARN)
VIEWING_REMOVED = "{}: viewing removed."


@dataclass(frozen=True, slots=True)
class Told:
    """Whose film it is, in which list it stands, and what to do when something was told or undone."""

    services: Services
    film: Film
    user_id: int
    settled: Callable[[], object]
    request_id: str | None = None

    @property
    def kept(self) -> Kept:
        """What is kept of the film now."""
        return self.services.profiles.kept_of(self.user_id, self.film.movie_id)

    async def tell(self, event: Event, sentence: str, *, foreseen: Foreseen | None = None) -> None:
        """Keep it, say so with a way back, and bring the page up to date."""
        await tell(
            self.services,
            self.user_id,
            self.film,
            event,
            sentence,
            request_id=self.request_id,
            foreseen=foreseen,
            settled=self.settled,
        )

    async def turn(self, switch: Switch) -> None:
        """Tell the opposite of what holds."""
        is_on = switch.is_on(self.kept)
        sentence = switch.taken_back if is_on else switch.told
        await self.tell(Event(switch.off if is_on else switch.on), sentence.format(self.film.name))


def open_menu(told: Told) -> None:
    """Open the menu of a card. What is chosen closes it."""
    with ui.context.client.layout:
        place = ui.element("div")
    with place, ui.dialog() as dialog, ui.element("div").classes("dialog film-menu"):
        dialog.props["aria-label"] = f"What to do with {told.film.name}"
        with ui.element("div").classes("dialog-head"):
            with ui.element("h2"):
                ui.link(told.film.name, link(f"/movies/{told.film.movie_id}", user=told.user_id))
            with ui.element("button").classes("tool").props('type=button aria-label="Close"') as close:
                icon("close")
            close.on("click", dialog.close, args=[])

        def settled() -> None:
            dialog.close()
            told.settled()

        FilmActions(told.services, told.film, told.user_id, settled=settled, request_id=told.request_id)

    def gone() -> None:
        dialog.delete()
        place.delete()

    dialog.on("hide", gone, args=[])
    dialog.open()


class FilmActions:
    """All that somebody can tell of a film, showing what holds now; a note only `with_note`."""

    def __init__(
        self,
        services: Services,
        film: Film,
        user_id: int,
        *,
        settled: Callable[[], object],
        request_id: str | None = None,
        with_note: bool = False,
    ) -> None:
        self._settled = settled
        self._told = Told(services, film, user_id, self._changed, request_id)
        RateControl(services, film, user_id, settled=self._changed, size="large", request_id=request_id)
        self._switches = ui.element("div").classes("switches").props("role=group")
        self._switches.props["aria-label"] = f"What to do with {film.name}"
        self._viewings = ui.element("div").classes("viewings")
        self._note = ui.element("div").classes("own-note") if with_note else None
        self._noted: str | None = None
        self._show()
        self._show_note()

    def _changed(self) -> None:
        if not self._switches.is_deleted:
            self._show()
            # What somebody is writing stays while something else is told.
            if self._noted != self._text:
                self._show_note()
        self._settled()

    @property
    def _text(self) -> str:
        note = self._told.kept.note
        return "" if note is None else note.text

    def _show(self) -> None:
        self._switches.clear()
        with self._switches:
            for switch in SWITCHES:
                button = text_button(
                    switch.text, partial(self._told.turn, switch), icon_name=switch.drawing
                ).classes("switch")
                button.props(f"aria-pressed={str(switch.is_on(self._told.kept)).lower()}")
                button.mark(f"{switch.key}-{self._told.film.movie_id}-switch")
        self._viewings.clear()
        with self._viewings:
            self._watched()

    def _watched(self) -> None:
        # The day where this machine is, which is where the person is.
        today = self._told.services.clock().astimezone().date().isoformat()

        async def watch() -> None:
            seen = date.fromisoformat(field.value) if field.value else None
            when = f"watched on {day(seen)}" if seen else "watched"
            event = Event(EventType.WATCHED, watched_on=seen)
            await self._told.tell(event, f"{self._told.film.name}: {when}.")

        movie_id = self._told.film.movie_id
        field = ui.input(label="Watched on", value=today).props(f"type=date outlined dense max={today}")
        field.classes("field").mark(f"day-{movie_id}")
        text_button("Watched", watch, icon_name="eye").mark(f"watched-{movie_id}")
        if self._told.kept.watches:
            with ui.element("ul").classes("viewing-days").props('aria-label="Viewings"'):
                for one in self._told.kept.watches:
                    self._viewing(one)

    def _viewing(self, one: Watch) -> None:
        event = Event(EventType.WATCHED_REMOVED, watched_on=one.watched_on)
        removing = partial(self._told.tell, event, VIEWING_REMOVED.format(self._told.film.name))
        with ui.element("li"), ui.element("button").classes("filter-chip").props("type=button") as chip:
            ui.label(viewing(one))
            icon("close")
        chip.props["aria-label"] = f"Remove the viewing: {viewing(one)}"
        chip.on("click", safely(removing), args=[])

    def _show_note(self) -> None:
        self._noted = self._text
        if self._note is None:
            return
        self._note.clear()

        async def save() -> None:
            text = (field.value or "").strip()
            event = Event(EventType.NOTE, note=text) if text else Event(EventType.NOTE_REMOVED)
            if text != self._text:
                name = self._told.film.name
                await self._told.tell(event, f"Note on {name} {'saved' if text else 'removed'}.")

        with self._note:
            field = ui.textarea(label="Your note", value=self._noted)
            field.props(f"outlined autogrow maxlength={LONGEST_NOTE}").classes("field").mark("note")
            text_button("Save the note", save).mark("save-note")


def viewing(one: Watch) -> str:
    """Return a viewing in words: `4 May 2001, again`."""
    when = day(one.watched_on) if one.watched_on else "day not known"
    return f"{when}, again" if one.is_rewatch else when
