"""The few line drawings that buttons and navigation use; they need no icon font."""

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
    "retry": '<path d="M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4"/>',
    "filter": '<path d="M4 7h10M18 7h2M4 17h2M10 17h10"/>'
    '<circle cx="16" cy="7" r="2"/><circle cx="8" cy="17" r="2"/>',
}


def icon(name: str) -> ui.html:
    """Show a drawing; the text beside it, or the label of its button, says what it means."""
    return ui.html(icon_svg(name), sanitize=False, tag="span").classes("icon").props("aria-hidden=true")


def icon_svg(name: str) -> str:
    """Return the drawing as SVG text."""
    return (
        '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" '
        f'stroke-linecap="round" stroke-linejoin="round" focusable="false">{_PATHS[name]}</svg>'
    )
