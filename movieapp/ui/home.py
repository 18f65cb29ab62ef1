"""The first page: rows of films for who is watching, or a way in for somebody the app does not know."""

import asyncio
from dataclasses import dataclass, replace

from nicegui import background_tasks, run, ui

from movieapp.serving.home import Home, Row, RowKind
from movieapp.serving.lists import Result, Window
from movieapp.ui.film_card import FilmCard
from movieapp.ui.grid import FilmGrid, film_grid
from movieapp.ui.icons import icon
from movieapp.ui.notices import (
    LOADING,
    empty,
    loaded,
    notice,
    shown,
    when_ready,
    when_version_changes,
)
from movieapp.ui.people import choose_viewer
from movieapp.ui.pick import Pick
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading, section
from movieapp.ui.ticking import once_there
from movieapp.ui.viewer import Viewer, link, viewer, viewer_of
from movieapp.ui.welcome_parts import invitation

# Rows whose places are held while they are worked out.
USUAL_ROWS = 4
# The place of one card, as a single element: there are many on a page.
PLACE = (
    '<div class="skeleton skeleton-poster"></div><div class="skeleton skeleton-line"></div>'
    '<div class="skeleton skeleton-line short"></div>'
)
# "See all" of hidden gems leads to the list that leans so far to little known films.
NICHE = "-0.5"


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/")
    async def home_page(user: str | None = None) -> None:
        who = viewer(services, user)
        with frame(services, "Recommendations", who, active="/"):
            await when_ready(services, lambda: _content(services, who))


async def _content(services: Services, who: Viewer) -> None:
    if who.typed is not None:
        notice(f"“{who.typed[:40]}” is not a user number. Use a whole number from 1 on.", kind="problem")
    if who.user_id is None:
        _start(services)
        return
    await Rows(services, who).build()


def _head(who: Viewer) -> None:
    """Greet somebody new and invite them; name the page to somebody known."""
    with ui.element("div").classes("heading-row home-head"):
        if who.is_known:
            heading(
                f"For {who.called}", "Rows of films, each for a reason. Tomorrow some of them are others."
            )
        else:
            heading(
                f"Welcome, {who.called}", "Rate a few films below, and this page begins to know your taste."
            )
        target = link("/list", user=who.user_id)
        ui.link("All films, with filters", target).classes("button button-quiet").mark("to-list")
    if not who.is_known:
        invitation(who.user_id)


def _start(services: Services) -> None:
    """Show nobody in particular how to become somebody, and what most people like."""
    heading("What to watch tonight?", "Say who is watching, and the films below become yours.")
    invitation()
    choose_viewer(services)
    section("Popular with everybody")

    def popular() -> None:
        film_grid(services, services.recommender.popular(k=24), likes_of="of all time")

    shown(popular)
    ui.link("See all", "/popular").classes("button button-quiet grid-more")


@dataclass
class _Shown:
    """A row on the page, its cards, and the list that they stand in."""

    row: Row
    grid: FilmGrid
    place: ui.element
    is_filled: bool = False


class Rows:
    """Somebody's rows; what is told of a film changes the cards that say something else then, no others.

    With the first rating the welcome above them gives way.
    """

    def __init__(self, services: Services, who: Viewer) -> None:
        assert who.user_id is not None
        self._services, self._who, self._user_id = services, who, who.user_id
        self._shown: list[_Shown] = []
        self._turn = 0

    async def build(self) -> None:
        """Show the rows, and others when another version serves."""
        self._above = ui.element("div")
        self._greet()
        self._box = ui.element("div").classes("shelves").mark("results")
        with self._box:
            await loaded(self._load, self._show, skeleton=_skeleton)
        when_version_changes(self._services, self._renew)

    def _greet(self) -> None:
        self._above.clear()
        with self._above:
            _head(self._who)

    def _load(self) -> Home:
        return self._services.recommender.home(self._user_id)

    def _renew(self) -> None:
        who = viewer_of(self._services, self._user_id)
        if who.is_known != self._who.is_known:
            self._who = who
            self._greet()
        background_tasks.create(self._load_again(), name=LOADING, context=self._box)

    async def _load_again(self) -> None:
        self._turn += 1
        turn = self._turn
        home = await run.io_bound(self._load)
        # Of several at once the last one asked for is shown.
        if home is None or turn != self._turn or self._box.is_deleted:
            return
        rows = _beside_pick(home)
        if [_key(one.row) for one in self._shown] != [_key(row) for row in rows]:
            self._box.clear()
            with self._box:
                shown(lambda: self._show(home))
            return
        self._pick.show(_pick(home), request_id=home.answer.request_id)
        for one, row in zip(self._shown, rows, strict=True):
            one.row = row
        await self._fill(home)

    def _show(self, home: Home) -> None:
        if home.answer.notice:
            notice(home.answer.notice)
        if not home.rows:
            empty("No film is left", "You have seen or hidden them all. The library has what you hid.")
        self._pick = Pick(self._services, self._user_id, self._renew)
        self._pick.show(_pick(home), request_id=home.answer.request_id)
        self._shown = []
        for row in _beside_pick(home):
            place = self._row(row)
            grid = FilmGrid(self._services, user_id=self._user_id, settled=self._renew, place=place)
            self._shown.append(_Shown(row, grid, place))
        # What is seen without scrolling comes with the page; the rows below it once the browser has that.
        for one in self._shown[:1]:
            self._cards(home, one)
        once_there(lambda: background_tasks.create(self._fill(home), name=LOADING, context=self._box))

    async def _fill(self, home: Home) -> None:
        """Show the cards row by row: a row takes some time, in which others wait to be answered."""
        turn = self._turn
        for one in self._shown:
            if turn != self._turn or self._box.is_deleted:
                return
            self._cards(home, one)
            await asyncio.sleep(0)

    def _row(self, row: Row) -> ui.element:
        """Show a row without its cards, and return the list that they go into."""
        with ui.element("section").classes("shelf").mark(f"row-{row.kind}") as whole:
            with ui.element("div").classes("shelf-head"):
                with ui.element("h2"):
                    ui.label(row.title)
                everything = ui.link("See all", see_all(row, self._user_id)).classes("shelf-all")
                buttons = ui.element("div").classes("shelf-buttons")
            ui.label(row.why).classes("muted small shelf-why")
            place = ui.element("ul").classes("shelf-films").props("role=list aria-busy=true")
            with place:
                _skeleton_cards()
            with buttons:
                _scroller("back", f"Back in: {row.title}", place, -1)
                _scroller("on", f"On in: {row.title}", place, 1)
        whole.props["aria-label"] = place.props["aria-label"] = row.title
        everything.props["aria-label"] = f"See all: {row.title}"
        return place

    def _cards(self, home: Home, one: _Shown) -> None:
        results = one.row.results
        if one.row.kind is RowKind.BECAUSE_YOU_LIKED:
            # The title says it already.
            results = tuple(result._replace(reasons=()) for result in results)
        if not one.is_filled:
            one.is_filled = True
            one.place.props(remove="aria-busy").clear()
        one.grid.show(replace(home.answer, results=results))
        for number, card in enumerate(one.place.default_slot.children):
            if isinstance(card, FilmCard):
                card.tell_place(is_first=number == 0)


def see_all(row: Row, user_id: int) -> str:
    """Return where the list stands that a row is the beginning of."""
    match row.kind:
        case RowKind.BECAUSE_YOU_LIKED if row.seed is not None:
            return link("/seeds", movies=row.seed.movie_id, user=user_id)
        case RowKind.POPULAR:
            window = None if row.window is Window.ALL else row.window
            return link("/popular", window=window, user=user_id)
        case RowKind.HIDDEN_GEMS:
            return link("/list", mainstream=NICHE, user=user_id)
        case RowKind.WATCHLIST:
            return link("/library", user=user_id)
    return link("/list", genres=row.genre, user=user_id)


def _pick(home: Home) -> Result | None:
    """Return the first film for the person."""
    is_personal = not home.answer.is_fallback and home.rows
    return next(iter(home.rows[0].results), None) if is_personal else None


def _beside_pick(home: Home) -> list[Row]:
    """Return the rows without the film that stands above them."""
    rows = list(home.rows)
    if _pick(home) is not None:
        rows[0] = replace(rows[0], results=rows[0].results[1:])
    return [row for row in rows if row.results]


def _key(row: Row) -> tuple[object, ...]:
    """Return what makes a row the same row with other films."""
    return row.kind, row.title, row.why


def _scroller(drawing: str, label: str, place: ui.element, direction: int) -> None:
    """Show a button that moves a row sideways by most of its width."""
    with ui.element("button").classes("tool shelf-button").props("type=button tabindex=-1") as button:
        icon(drawing)
    button.props["aria-label"] = button.props["title"] = label
    scroll = f"{{left: row.clientWidth * {0.85 * direction}, behavior: 'smooth'}}"
    found = f"const row = document.getElementById('{place.html_id}')"
    button.on("click", js_handler=f"() => {{ {found}; row.scrollBy({scroll}); }}")


def _skeleton() -> None:
    for _ in range(USUAL_ROWS):
        with ui.element("div").classes("shelf").props("aria-hidden=true"):
            ui.element("div").classes("skeleton skeleton-line skeleton-title")
            with ui.element("ul").classes("shelf-films"):
                _skeleton_cards()


def _skeleton_cards() -> None:
    for _ in range(8):
        ui.html(PLACE, sanitize=False, tag="li").classes("card").props("aria-hidden=true")
