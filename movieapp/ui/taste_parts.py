"""What the pages about one person share: their frame, small posters in a row, and tables behind charts."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from nicegui import ui

from movieapp.serving.lists import Film
from movieapp.ui import figures
from movieapp.ui.cards import film_path, poster_image
from movieapp.ui.files import style_sheet
from movieapp.ui.notices import notice, when_ready
from movieapp.ui.people import choose_viewer
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading
from movieapp.ui.viewer import Viewer, link

PAGES = (
    ("/you", "Taste in pictures"),
    ("/you/year", "Year in review"),
    ("/you/time-machine", "Time machine"),
)


@dataclass(frozen=True, slots=True)
class Small:
    """A film in a strip: its stars, a remark, and whether it is marked as one that was liked later."""

    film: Film
    stars: float | None
    remark: str
    is_hit: bool = False


async def own_page(
    services: Services,
    who: Viewer,
    path: str,
    title: str,
    lede: str,
    show: Callable[[int], Awaitable[None] | None],
) -> None:
    """Build one of the pages about one person; `show` gets somebody who has rated films."""
    with frame(services, title, who, active="/you"):
        style_sheet("dashboard.css")
        style_sheet("you.css")
        await when_ready(services, lambda: _content(services, who, path, title, lede, show))


async def _content(
    services: Services,
    who: Viewer,
    path: str,
    title: str,
    lede: str,
    show: Callable[[int], Awaitable[None] | None],
) -> None:
    if who.typed is not None:
        notice(f"“{who.typed[:40]}” is not a user number. Use a whole number from 1 on.", kind="problem")
    heading(title, lede)
    if who.user_id is None:
        ui.label("Choose whose ratings to look at.").classes("grid-note")
        choose_viewer(services, path=path)
        return
    _tabs(path, who.user_id)
    if services.profiles.history(who.user_id) is None:
        nothing_yet(who)
        return
    shown = show(who.user_id)
    if shown is not None:
        await shown


def nothing_yet(who: Viewer) -> None:
    """Say what a person without ratings has to do."""
    with ui.element("div").classes("empty"):
        ui.element("div").classes("empty-reel").props("aria-hidden=true")
        ui.label("Nothing rated yet").classes("empty-title")
        ui.label(f"{who.title} has not rated a film yet. Rate some, and this page draws itself.").classes(
            "muted"
        )
        with ui.element("div").classes("chips chips-center"):
            ui.link("To the films", link("/", user=who.user_id)).classes("button button-strong")


def tabs_of(links: Iterable[tuple[str, str]], current: str, label: str) -> None:
    """Show links in a row, of which one is where we are."""
    with ui.element("nav").classes("periods") as row:
        for target, text in links:
            with ui.link(target=target).classes("period") as item:
                ui.label(text)
            if target == current:
                item.props("aria-current=page")
    row.props["aria-label"] = label


def _tabs(path: str, user_id: int) -> None:
    tabs_of(((link(to, user=user_id), text) for to, text in PAGES), link(path, user=user_id), "About you")


def strip(films: Sequence[Small], user_id: int) -> None:
    """Show films as small posters, each with its stars and a remark."""
    with ui.element("ul").classes("strip"):
        for one in films:
            with ui.element("li").classes("strip-film strip-hit" if one.is_hit else "strip-film"):
                with ui.link(target=film_path(one.film, user_id)).classes("strip-link"):
                    with ui.element("div").classes("frame"):
                        poster_image(one.film)
                    ui.label(one.film.name).classes("card-name").props["title"] = one.film.title
                if one.stars is not None:
                    own_stars(one.stars)
                if one.remark:
                    ui.label(one.remark).classes("strip-note")


def own_stars(stars: float) -> None:
    """Show the stars that the person gave."""
    label = ui.label(f"★ {stars:g}").classes("strip-own").props("role=img")
    label.props["aria-label"] = f"You gave {stars:g} stars"


def told(sentences: Sequence[str]) -> None:
    """Show what the figures say, a sentence each."""
    with ui.element("ul").classes("you-sentences"):
        for sentence in filter(None, sentences):
            with ui.element("li"):
                ui.label(sentence)


def as_table(title: str, columns: Sequence[str], rows: figures.Rows) -> None:
    """Offer the numbers of a chart as a table."""
    with ui.element("details").classes("as-table"):
        with ui.element("summary"):
            ui.label(f"{title} in numbers").classes("as-text")
        figures.table(title, columns, rows)
