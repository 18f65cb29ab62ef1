"""Figures and tables, and numbers as people read them."""

from collections.abc import Callable, Sequence
from datetime import date

from nicegui import ui

Rows = Sequence[Sequence[str]]


def figure(name: str, value: str, remark: str = "") -> None:
    """Show one figure with its name."""
    with ui.element("div").classes("figure"):
        with ui.element("dt"):
            ui.label(name)
        with ui.element("dd"):
            ui.label(value)
            if remark:
                ui.label(remark).classes("muted small")


def table(
    title: str,
    columns: Sequence[str],
    rows: Rows,
    *,
    note: str = "",
    hints: dict[str, str] | None = None,
    prose: bool = False,
) -> Callable[[Rows], None]:
    """Show a table; a second line in a cell is set smaller. Where it is too wide, its columns scroll.

    With `prose` the last column holds sentences, which are wrapped.
    What is returned shows other rows in their place, and leaves the table scrolled as it is.
    """
    with ui.element("div").classes("table-box panel" + (" table-prose" if prose else "")):
        ui.label(title).classes("panel-title")
        if note:
            ui.label(note).classes("muted small")
        ui.label("Swipe sideways for all columns.").classes("table-hint").props("aria-hidden=true")
        with (
            ui.element("div").classes("table-scroll").props("tabindex=0 role=region") as box,
            ui.element("table"),
        ):
            box.props["aria-label"] = title
            with ui.element("thead"), ui.element("tr"):
                for column in columns:
                    # Above row heads that need no name there is an empty cell, which heads nothing.
                    with ui.element("th" if column else "td").props("scope=col" if column else "") as head:
                        ui.label(column)
                    if hints and column in hints:
                        head.props["title"] = hints[column]
            body = ui.element("tbody")
    shown: list[Rows] = []

    def show(rows: Rows) -> None:
        if shown == [rows]:
            return
        shown[:] = [rows]
        body.clear()
        with body:
            for row in rows:
                with ui.element("tr"):
                    for number, cell in enumerate(row):
                        _cell(cell, is_head=not number)

    show(rows)
    return show


def _cell(cell: str, *, is_head: bool) -> None:
    value, _, interval = cell.partition("\n")
    with ui.element("th" if is_head else "td").props("scope=row" if is_head else ""):
        ui.label(value)
        if interval:
            ui.label(interval).classes("interval")


def ms(value: float | None) -> str:
    """Return a duration for reading."""
    return "–" if value is None else f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"


def percent(value: float | None) -> str:
    """Return a share for reading."""
    return "–" if value is None else f"{100 * value:.1f} %"


def day(when: date | None) -> str:
    """Return a day for reading: `4 May 2001`."""
    return "–" if when is None else f"{when.day} {when:%b %Y}"
