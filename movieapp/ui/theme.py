"""The frame around every page: header, navigation, theme and status; colours and type are in assets/."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from nicegui import app, ui

from movieapp.ui.icons import icon
from movieapp.ui.notices import safely
from movieapp.ui.search import FilmSearch
from movieapp.ui.services import Services
from movieapp.ui.status import status_banner, status_indicator
from movieapp.ui.viewer import Viewer, avatar, choose_viewer, link

ASSETS = Path(__file__).parent / "assets"
NAVIGATION = (
    ("/", "for-you", "Recommendations"),
    ("/seeds", "similar", "Similar films"),
    ("/popular", "popular", "Popular"),
    ("/dashboard", "dashboard", "Dashboard"),
    ("/leaderboard", "popular", "Leaderboard"),
    ("/analysis", "filter", "Analysis"),
)
IS_DARK: dict[str | None, bool | None] = {None: None, "dark": True, "light": False}
SYSTEM_IS_DARK = "() => emit(matchMedia('(prefers-color-scheme: dark)').matches)"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="8" fill="#17161a"/>'
    '<circle cx="16" cy="16" r="9.5" fill="none" stroke="#f2b84b" stroke-width="2.6"/>'
    '<path d="M13.4 11.6v8.8l7-4.4z" fill="#f2b84b"/></svg>'
)


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
    with header, ui.element("div").classes("header-inner"):
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
            _viewer_button(services, viewer, active or "/")
    with ui.element("div").classes("main").props("tabindex=-1") as main:
        watch(status_banner())
        yield main
    with layout, ui.element("footer").classes("footer"):
        ui.label("movieapp runs on this machine alone. Film data: MovieLens, by GroupLens.")
    ui.skip_link("Skip to the content", target=main)


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
    root = ui.context.client.request.scope.get("root_path", "")
    version = _version()
    # The attribute is there before the first paint, so that a chosen theme never flashes the other one.
    ui.add_head_html(
        f'<script>document.documentElement.dataset.theme = "{_stored_theme() or "auto"}";</script>'
        f'<link rel="stylesheet" href="{root}/assets/movieapp.css?v={version}">'
        f'<script defer src="{root}/assets/movieapp.js?v={version}"></script>'
        '<meta name="description" content="Film recommendations, made on this machine.">'
    )


@cache
def _version() -> str:
    digest = hashlib.sha256()
    for file in sorted(ASSETS.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


def _navigation(active: str) -> None:
    with ui.element("nav").classes("nav").props("aria-label=Pages"):
        for path, drawing, text in NAVIGATION:
            with ui.link(target=path).classes("nav-link") as item:
                icon(drawing)
                ui.label(text)
            if path == active:
                item.props("aria-current=page")


def _theme_button() -> None:
    dark = ui.dark_mode(IS_DARK[_stored_theme()])
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


def _viewer_button(services: Services, viewer: Viewer, path: str) -> None:
    with ui.dialog() as dialog, ui.element("div").classes("dialog"):
        pass
    body = dialog.default_slot.children[0]

    def open_dialog() -> None:
        body.clear()
        with body:
            with ui.element("div").classes("dialog-head"):
                with ui.element("h2"):
                    ui.label("Who is watching?")
                with ui.element("button").classes("tool").props('type=button aria-label="Close"') as close:
                    icon("close")
                close.on("click", dialog.close, args=[])
            if viewer.user_id is not None:
                with ui.element("p").classes("dialog-links"):
                    ui.link(f"Profile of user {viewer.user_id}", link("/profile", user=viewer.user_id))
                    ui.link("Nobody in particular", "/?user=")
            choose_viewer(services, path="/" if path in ("/dashboard", "/analysis") else path)
        dialog.open()

    name = (
        "Choose who is watching" if viewer.user_id is None else f"User {viewer.user_id} is watching. Change"
    )
    with ui.element("button").classes("tool tool-viewer").props("type=button").mark("viewer") as button:
        avatar(viewer.user_id)
    button.props["aria-label"] = button.props["title"] = name
    button.on("click", safely(open_dialog), args=[])
