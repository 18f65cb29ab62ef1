"""The frame around every page: header, navigation, theme and status; colours and type are in assets/."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from typing import Any

from nicegui import app, ui

from movieapp.sources.tmdb import ATTRIBUTION, ATTRIBUTION_LINK
from movieapp.ui.files import ASSETS, root_path
from movieapp.ui.icons import drawings, icon, icon_html
from movieapp.ui.notices import are_films_in, safely
from movieapp.ui.people import viewer_button
from movieapp.ui.search import FilmSearch
from movieapp.ui.services import Services
from movieapp.ui.status import status_banner, status_indicator
from movieapp.ui.still import Still
from movieapp.ui.telling import told_place
from movieapp.ui.viewer import Viewer

NAVIGATION = (
    ("/", "for-you", "For you"),
    ("/seeds", "similar", "Similar films"),
    ("/popular", "popular", "Popular"),
    ("/together", "together", "Together"),
    ("/library", "library", "Library"),
    ("/you", "person", "You"),
)
MORE_PAGES = (
    ("/import", "file", "Import and export"),
    ("/dashboard", "dashboard", "Dashboard"),
    ("/leaderboard", "popular", "Leaderboard"),
    ("/explore", "eye", "Explore"),
    ("/analysis", "filter", "Analysis"),
)
# Pages that are about nobody in particular: who is chosen there goes to their own films.
NOBODYS = ("/dashboard", "/leaderboard", "/explore", "/analysis")
IS_DARK: dict[str | None, bool | None] = {None: None, "dark": True, "light": False}
SYSTEM_IS_DARK = "() => emit(matchMedia('(prefers-color-scheme: dark)').matches)"
KEYS = {
    "/": "Find a film",
    "← → ↑ ↓": "Go from film to film",
    "Enter": "Open the film",
    "1 – 5": "Rate it with so many stars",
    "← → on stars": "Choose half stars: Enter saves them",
    "W": "Put it on the watchlist, or take it off",
    "H": "Never show it again",
    "M": "All that can be done with it",
    "U": "Undo what was just done",
    "?": "Show this",
}
SHORTCUTS = (
    '<form method="dialog"><h2>Keyboard shortcuts</h2><dl>'
    + "".join(f"<dt><kbd>{key}</kbd></dt><dd>{does}</dd>" for key, does in KEYS.items())
    + '</dl><button class="button button-quiet">Close</button></form>'
)
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="8" fill="#17161a"/>'
    '<circle cx="16" cy="16" r="9.5" fill="none" stroke="#f2b84b" stroke-width="2.6"/>'
    '<path d="M13.4 11.6v8.8l7-4.4z" fill="#f2b84b"/></svg>'
)
# What is seen until the scripts have drawn the page.
SHELL = (
    f'<div class="shell" aria-hidden="true"><span class="logo">{LOGO}</span>'
    '<span class="wordmark">movieapp</span></div>'
)


class DarkTheme(ui.dark_mode, component="assets/dark_theme.js"):
    """NiceGUI's, that changes nothing on a page but when it changes itself."""


def register() -> None:
    """Serve the style sheet and the script."""
    for route in [route for route in app.routes if getattr(route, "path", "") == "/assets"]:
        app.routes.remove(route)
    app.add_static_files("/assets", ASSETS, max_cache_age=31536000)


@contextmanager
def frame(services: Services, title: str, viewer: Viewer, *, active: str = "") -> Iterator[ui.element]:
    """Put what is built inside between the header and the foot of a page called `title`."""
    _head(title)
    # Notices of NiceGUI's own take these; white reads well on each.
    ui.colors(primary="var(--accent)", positive="#17663a", negative="#a3261c", warning="#8a5a00")
    layout = ui.context.client.layout
    # NiceGUI's page is a <main>: header and footer stand before and after it.
    with layout:
        header = ui.element("header").classes("header")
        header.move(target_index=0)
    with header, Still(), ui.element("div").classes("header-inner"):
        with ui.link(target="/").classes("brand") as brand:
            ui.html(LOGO, sanitize=False, tag="span").classes("logo").props("aria-hidden=true")
            ui.label("movieapp").classes("wordmark")
        brand.props["aria-label"] = "movieapp, to the recommendations"
        _navigation(active)
        with ui.element("div").classes("header-search").props("role=search"):
            FilmSearch(services, label="Find a film", user_id=viewer.user_id)
        with ui.element("div").classes("header-tools"):
            watch = status_indicator(services)
            _theme_button()
            viewer_button(services, viewer, path="/" if active in NOBODYS else active or "/")
    with ui.element("div").classes("main").props("tabindex=-1") as main:
        watch(status_banner())
        yield main
    with layout, ui.element("footer").classes("footer"):
        ui.label("movieapp runs on this machine alone. Film data: MovieLens, by GroupLens.")
        if are_films_in(services) and services.recommender.catalogue.posters:
            attribution()
        with ui.element("button").classes("footer-help").props("type=button data-help"):
            ui.label("Keyboard shortcuts")
    with layout:
        told_place()
        ui.html(SHORTCUTS, sanitize=False, tag="dialog").classes("shortcuts").props(
            'aria-label="Keyboard shortcuts"'
        )
    ui.skip_link("Skip to the content", target=main)


def attribution() -> None:
    """Say whose plots, people and posters are shown, in the words that TMDB asks for, and lead there."""
    with ui.element("p").classes("sentence attribution"):
        ui.link("TMDB", ATTRIBUTION_LINK, new_tab=True).props('rel="noopener noreferrer"')
        ui.label(ATTRIBUTION)


def heading(text: str, sentence: str = "") -> None:
    """Show the page's one h1, with a sentence below it."""
    with ui.element("div").classes("heading"):
        h1(text)
        if sentence:
            ui.label(sentence).classes("lede")


def h1(text: str) -> None:
    """Show the page's title."""
    with ui.element("h1"):
        ui.label(text)


def section(text: str, sentence: str = "") -> None:
    """Show the title of a part of a page."""
    with ui.element("div").classes("section-title"):
        with ui.element("h2"):
            ui.label(text)
        if sentence:
            ui.label(sentence).classes("muted")


def _head(title: str) -> None:
    ui.page_title(f"{title} · movieapp")
    root = root_path()
    version = _version()
    # The attribute is there before the first paint, so that a chosen theme never flashes the other one.
    ui.add_head_html(
        f'<script>document.documentElement.dataset.theme = "{_stored_theme() or "auto"}";'
        f"window.drawings = {drawings()}</script>"
        f'<link rel="stylesheet" href="{root}/assets/movieapp.css?v={version}">'
        f'<link rel="stylesheet" href="{root}/assets/people.css?v={version}">'
        f'<link rel="stylesheet" href="{root}/assets/home.css?v={version}">'
        f'<script defer src="{root}/assets/movieapp.js?v={version}"></script>'
        f'<script defer src="{root}/assets/cards.js?v={version}"></script>'
        f'<script defer src="{root}/assets/files.js?v={version}"></script>'
        '<meta name="description" content="Film recommendations, made on this machine.">'
    )
    ui.add_body_html(SHELL)


@cache
def _version() -> str:
    digest = hashlib.sha256()
    for file in sorted(ASSETS.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


def _navigation(active: str) -> None:
    """Show the links to all pages as one element: with others, each change of a page would draw them anew."""
    root = root_path()
    first, rest = (
        "".join(
            _nav_link(root + path, drawing, text, is_here=path == active) for path, drawing, text in pages
        )
        for pages in (NAVIGATION, MORE_PAGES)
    )
    is_in_rest = active in [path for path, _, _ in MORE_PAGES]
    more = (
        f'<details class="nav-more"><summary class="nav-link"{" data-current" if is_in_rest else ""}>'
        f'{icon_html("more")}<div>More</div></summary><div class="nav-rest">{rest}</div></details>'
    )
    ui.html(first + more, sanitize=False, tag="nav").classes("nav").props("aria-label=Pages")


def _nav_link(address: str, drawing: str, text: str, *, is_here: bool) -> str:
    here = ' aria-current="page"' if is_here else ""
    return (
        f'<a class="nicegui-link nav-link" href="{escape(address)}"{here}>{icon_html(drawing)}'
        f"<div>{text}</div></a>"
    )


def _theme_button() -> None:
    dark = DarkTheme(IS_DARK[_stored_theme()])
    with ui.element("button").classes("tool").props("type=button").mark("theme") as button:
        # The style sheet shows the one that the click leads to; only the browser knows the system's theme.
        icon("light").classes("to-light")
        icon("dark").classes("to-dark")
    button.props["aria-label"] = button.props["title"] = "Switch between dark and light"

    def switch(event: Any) -> None:
        system = "dark" if event.args else "light"
        theme = "light" if (_stored_theme() or system) == "dark" else "dark"
        # Back at the system's own theme, the page follows the system again.
        if theme == system:
            app.storage.user.pop("theme", None)
        else:
            app.storage.user["theme"] = theme
        stored = _stored_theme()
        ui.run_javascript(f'document.documentElement.dataset.theme = "{stored or "auto"}"')
        dark.set_value(IS_DARK[stored])

    button.on("click", safely(switch), js_handler=SYSTEM_IS_DARK)


def _stored_theme() -> str | None:
    theme = app.storage.user.get("theme")
    return theme if theme in IS_DARK else None
