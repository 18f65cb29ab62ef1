"""The library: somebody's films, by what they told of them; each thing can be taken back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from nicegui import ui

from movieapp.serving.feedback import Event, EventType
from movieapp.serving.kept import UNWANTED, Kept
from movieapp.serving.lists import Film
from movieapp.ui.actions import HIDE, LIKE, UNLEARN, VIEWING_REMOVED, WATCHLIST, viewing
from movieapp.ui.cards import facts, film_path, poster_image
from movieapp.ui.figures import day
from movieapp.ui.notices import empty, notice, text_button, when_ready
from movieapp.ui.people import choose_viewer
from movieapp.ui.services import Services
from movieapp.ui.stars import RateControl
from movieapp.ui.telling import tell
from movieapp.ui.theme import frame, heading
from movieapp.ui.viewer import Viewer, link, viewer

PAGE = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing told of a film; the entries of a shelf go by `at`, the latest first.

    `undo` takes it back; without, its stars are shown, which can be changed and removed.
    """

    movie_id: int
    at: date | datetime
    remark: str
    undo: Event | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A part of the library: `verb` takes an entry off, `done` says so with the name of the film, and `hint`
    says what to do while there is none."""

    key: str
    name: str
    entries: Callable[[Services, int], list[Entry]]
    verb: str
    done: str
    hint: str


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/library")
    async def library_page(user: str | None = None, show: str = "") -> None:
        who = viewer(services, user)
        with frame(services, "Library", who, active="/library"):
            await when_ready(services, lambda: _content(services, who, show))


def _content(services: Services, who: Viewer, show: str) -> None:
    if who.typed is not None:
        notice(f"“{who.typed[:40]}” is not a user number. Use a whole number from 1 on.", kind="problem")
    if who.user_id is None:
        heading("Library", "Choose whose films to look at.")
        choose_viewer(services, path="/library")
        return
    with ui.element("div").classes("heading-row"):
        heading(
            f"{who.title}’s library", "All that is kept of your films. Whatever stands here can be undone."
        )
        ui.link("Import and export", link("/import", user=who.user_id)).classes("button button-quiet")
    Library(services, who.user_id, SHELVES_BY_KEY.get(show, SHELVES[0]))


class Library:
    """The shelves of one person, one of them open."""

    def __init__(self, services: Services, user_id: int, shelf: Shelf) -> None:
        self._services, self._user_id, self._shelf = services, user_id, shelf
        self._n_shown = 0
        self._tabs = ui.element("nav").classes("tabs").props('aria-label="Parts of the library"')
        self._box = ui.element("div").classes("results").mark("shelf")
        self._show()

    def _show(self) -> None:
        """Show what holds now."""
        self._tabs.clear()
        with self._tabs:
            for shelf in SHELVES:
                self._tab(shelf)
        entries = self._shelf.entries(self._services, self._user_id)
        self._box.clear()
        with self._box:
            if not entries:
                empty(f"{self._shelf.name}: nothing yet", self._shelf.hint)
                return
            listing = ui.element("ul").classes("rated")
            more = text_button("Show more", lambda: add(PAGE)).mark("more")

        def add(n: int) -> None:
            with listing:
                for entry in entries[len(listing.default_slot.children) :][:n]:
                    self._row(entry)
            self._n_shown = len(listing.default_slot.children)
            more.set_visibility(self._n_shown < len(entries))

        # After a change somebody sees as many as before.
        add(max(self._n_shown, PAGE))

    def _tab(self, shelf: Shelf) -> None:
        target = link("/library", user=self._user_id, show=shelf.key)
        with ui.link(target=target).classes("tab").mark(f"tab-{shelf.key}") as tab:
            ui.label(shelf.name)
            n = len(shelf.entries(self._services, self._user_id))
            ui.label(f"{n:,}").classes("tab-count")
        if shelf is self._shelf:
            tab.props("aria-current=page")

    def _row(self, entry: Entry) -> None:
        film = self._services.recommender.catalogue.film(entry.movie_id)
        assert film is not None
        with ui.element("li").classes("rated-row").props(f"data-film={film.movie_id}"):
            poster_image(film)
            with ui.element("div").classes("rated-text"):
                ui.link(film.name, film_path(film, self._user_id)).classes("rated-name")
                ui.label(facts(film)).classes("muted small")
                if entry.text:
                    ui.label(entry.text).classes("rated-note")
            ui.label(entry.remark).classes("muted small rated-day")
            if entry.undo is None:
                RateControl(self._services, film, self._user_id, settled=self._show)
            else:
                self._undo(film, entry, entry.undo)

    def _undo(self, film: Film, entry: Entry, event: Event) -> None:
        taking = partial(
            tell,
            self._services,
            self._user_id,
            film,
            event,
            self._shelf.done.format(film.name),
            settled=self._show,
        )
        button = text_button(self._shelf.verb, taking).classes("rated-undo")
        button.props["aria-label"] = f"{self._shelf.verb}: {film.name}, {entry.remark}"
        button.mark(f"take-back-{film.movie_id}")


def _kept(
    services: Services, user_id: int, entries_of: Callable[[int, Kept], Iterable[Entry]]
) -> list[Entry]:
    """Return the entries of all films that something is kept of, the latest first."""
    catalogue = services.recommender.catalogue
    found = [
        entry
        for movie_id, kept in services.profiles.kept(user_id).items()
        if catalogue.film(movie_id) is not None
        for entry in entries_of(movie_id, kept)
    ]
    return sorted(found, key=lambda entry: entry.at.isoformat(), reverse=True)


def _watchlist(services: Services, user_id: int) -> list[Entry]:
    def of(movie_id: int, kept: Kept) -> Iterable[Entry]:
        if kept.listed_at is not None:
            event = Event(EventType.WATCHLIST_REMOVED)
            yield Entry(movie_id, kept.listed_at, f"since {day(kept.listed_at)}", event)

    return _kept(services, user_id, of)


def _watched(services: Services, user_id: int) -> list[Entry]:
    def of(movie_id: int, kept: Kept) -> Iterable[Entry]:
        for one in kept.watches:
            event = Event(EventType.WATCHED_REMOVED, watched_on=one.watched_on)
            yield Entry(movie_id, one.watched_on or date.min, viewing(one), event)

    return _kept(services, user_id, of)


def _rated(services: Services, user_id: int) -> list[Entry]:
    if services.profiles.history(user_id) is None:
        return []
    catalogue = services.recommender.catalogue
    rated = services.profiles.ratings(user_id)
    return [
        Entry(row.movie_id, row.rated_at, day(row.rated_at))
        for row in rated
        if catalogue.film(row.movie_id) is not None
    ]


def _liked(services: Services, user_id: int) -> list[Entry]:
    def of(movie_id: int, kept: Kept) -> Iterable[Entry]:
        if kept.opinion is not None and kept.opinion.kind is EventType.LIKE:
            yield _opinion(movie_id, kept.opinion.since, "since")

    return _kept(services, user_id, of)


def _hidden(services: Services, user_id: int) -> list[Entry]:
    def of(movie_id: int, kept: Kept) -> Iterable[Entry]:
        if kept.opinion is not None and kept.opinion.kind in UNWANTED:
            word = "hidden" if kept.opinion.kind is EventType.HIDE else "disliked"
            yield _opinion(movie_id, kept.opinion.since, f"{word} since")

    return _kept(services, user_id, of)


def _opinion(movie_id: int, since: datetime, words: str) -> Entry:
    return Entry(movie_id, since, f"{words} {day(since)}", Event(EventType.OPINION_REMOVED))


def _notes(services: Services, user_id: int) -> list[Entry]:
    def of(movie_id: int, kept: Kept) -> Iterable[Entry]:
        if kept.note is not None:
            event = Event(EventType.NOTE_REMOVED)
            yield Entry(movie_id, kept.note.noted_at, day(kept.note.noted_at), event, kept.note.text)

    return _kept(services, user_id, of)


def _unlearned(services: Services, user_id: int) -> list[Entry]:
    def of(movie_id: int, kept: Kept) -> Iterable[Entry]:
        if kept.unlearned_at is not None:
            event = Event(EventType.UNLEARNED_REMOVED)
            yield Entry(movie_id, kept.unlearned_at, f"since {day(kept.unlearned_at)}", event)

    return _kept(services, user_id, of)


SHELVES = (
    Shelf(
        "watchlist",
        "Watchlist",
        _watchlist,
        "Take off",
        WATCHLIST.taken_back,
        "Put a film here with the bookmark on its card, and find it again when you have time.",
    ),
    Shelf(
        "watched",
        "Watched",
        _watched,
        "Remove",
        VIEWING_REMOVED,
        "In the menu on a film’s card, or on its page, say on which day you watched it.",
    ),
    Shelf(
        "rated",
        "Rated",
        _rated,
        "",
        "",
        "Give a film its stars, on its card or its page: your lists rest on them.",
    ),
    Shelf(
        "liked",
        "Liked",
        _liked,
        "Take back",
        LIKE.taken_back,
        "“Like” in the menu on a film’s card puts it here.",
    ),
    Shelf(
        "notes",
        "Notes",
        _notes,
        "Remove",
        "The note on {} is removed.",
        "On a film’s page, write down what you want to remember.",
    ),
    Shelf(
        "hidden",
        "Hidden",
        _hidden,
        "Show again",
        HIDE.taken_back,
        "“Never show again” on a film’s card keeps it out of all lists, until you take that back here.",
    ),
    Shelf(
        "unlearned",
        "Not learned from",
        _unlearned,
        "Learn again",
        UNLEARN.taken_back,
        "In the menu on a film’s card, “Do not learn from it” keeps a rating out of what lists rest on.",
    ),
)
SHELVES_BY_KEY = {shelf.key: shelf for shelf in SHELVES}
