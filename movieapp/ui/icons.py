"""The few line drawings that buttons and navigation use; they need no icon font."""

import json
from functools import cache

from nicegui import ui

_PATHS = {
    "for-you": '<path d="M12 3.5l2.5 5.4 5.9.7-4.4 4 1.2 5.9L12 16.6l-5.2 2.9L8 13.6l-4.4-4 5.9-.7z"/>',
    "similar": '<circle cx="9" cy="12" r="5.5"/><circle cx="15" cy="12" r="5.5"/>',
    "popular": '<path d="M3 17l6-6 4 4 8-9"/><path d="M15 6h6v6"/>',
    "dashboard": '<path d="M5 20v-7M12 20V4M19 20v-11"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c1-4 4-6 7.5-6s6.5 2 7.5 6"/>',
    "light": '<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6l1.4 1.4M17 17'
    'l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4"/>',
    "dark": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "out": '<path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "back": '<path d="M14.5 5.5L8 12l6.5 6.5"/>',
    "on": '<path d="M9.5 5.5L16 12l-6.5 6.5"/>',
    "retry": '<path d="M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4"/>',
    "filter": '<path d="M4 7h10M18 7h2M4 17h2M10 17h10"/>'
    '<circle cx="16" cy="7" r="2"/><circle cx="8" cy="17" r="2"/>',
    "more": '<circle cx="5.5" cy="12" r="0.9"/><circle cx="12" cy="12" r="0.9"/>'
    '<circle cx="18.5" cy="12" r="0.9"/>',
    "together": '<circle cx="8.5" cy="8.5" r="3.5"/><path d="M2.5 19.5c.6-3.4 3-5 6-5s5.4 1.6 6 5"/>'
    '<path d="M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.9c2.2.6 3.6 2.1 4 4.6"/>',
    "thumb-up": '<path d="M7 10.5V20H3.5v-9.5zM7 10.5l4-7c1.6 0 2.6 1.2 2.3 2.8L12.6 10H19'
    'a2 2 0 0 1 2 2.4l-1.2 6A2 2 0 0 1 17.8 20H7"/>',
    "thumb-down": '<path d="M7 13.5V4H3.5v9.5zM7 13.5l4 7c1.6 0 2.6-1.2 2.3-2.8L12.6 14H19'
    'a2 2 0 0 0 2-2.4l-1.2-6A2 2 0 0 0 17.8 4H7"/>',
    "undo": '<path d="M8 4L4 8l4 4"/><path d="M4 8h9a6 6 0 0 1 0 12h-3"/>',
    "heart": '<path d="M12 20.2C5 15.6 3.5 12 3.5 9.3A4.6 4.6 0 0 1 12 6.8a4.6 4.6 0 0 1 8.5 2.5'
    'c0 2.7-1.5 6.3-8.5 10.9z"/>',
    "bookmark": '<path d="M6.5 4h11v16.5L12 16.4 6.5 20.5z"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/>'
    '<circle cx="12" cy="12" r="3"/>',
    "eye-off": '<path d="M4 4l16 16M9.5 5.9A9.6 9.6 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7'
    'M6.2 7.4A16.6 16.6 0 0 0 2.5 12S6 18.5 12 18.5c1.7 0 3.2-.5 4.5-1.2"/>',
    "no-lesson": '<path d="M3 9l9-4 9 4-9 4z"/><path d="M7 11v4.5c1.4 1.2 3.1 1.8 5 1.8M21 9v4"/>'
    '<path d="M15.5 15.5l5 5M20.5 15.5l-5 5"/>',
    "pencil": '<path d="M4 20l1-4L16.5 4.5l3 3L8 19z"/>',
    "library": '<path d="M4.5 4v16M9 4v16M13.2 4.8l5.6 14.6"/>',
    "file": '<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4M12 11v6M9 14l3 3 3-3"/>',
}


def icon(name: str) -> ui.html:
    """Show a drawing; the text beside it, or the label of its button, says what it means."""
    return ui.html(icon_svg(name), sanitize=False, tag="span").classes("icon").props("aria-hidden=true")


def icon_html(name: str) -> str:
    """Return the same as text, for what is one element as a whole."""
    return f'<span class="icon" aria-hidden="true">{icon_svg(name)}</span>'


def icon_svg(name: str) -> str:
    """Return the drawing as SVG text."""
    return (
        '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" '
        f'stroke-linecap="round" stroke-linejoin="round" focusable="false">{_PATHS[name]}</svg>'
    )


@cache
def drawings() -> str:
    """Return as JSON the drawings of what the browser draws itself: cards, and what was just told."""
    return json.dumps({name: icon_svg(name) for name in ("more", "bookmark", "eye-off", "undo", "close")})
