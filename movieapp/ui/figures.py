"""Figures and tables, and numbers as people read them."""

from collections.abc import Sequence

from nicegui import ui


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
    rows: Sequence[Sequence[str]],
    *,
    note: str = "",
    hints: dict[str, str] | None = None,
) -> None:
    """Show a table; a second line in a cell is set smaller."""
    with ui.element("div").classes("table-box panel").props("tabindex=0 role=region") as box:
        box.props["aria-label"] = title
        with ui.element("table"):
            with ui.element("caption"):
                ui.label(title).classes("panel-title")
                if note:
                    ui.label(note).classes("muted small")
            with ui.element("thead"), ui.element("tr"):
                for column in columns:
                    with ui.element("th").props("scope=col") as head:
                        ui.label(column)
                    if hints and column in hints:
                        head.props["title"] = hints[column]
            with ui.element("tbody"):
                for row in rows:
                    with ui.element("tr"):
                        for number, cell in enumerate(row):
                            with ui.element("td" if number else "th").props("" if number else "scope=row"):
                                value, _, interval = cell.partition("\n")
                                ui.label(value)
                                if interval:
                                    ui.label(interval).classes("interval")


def ms(value: float | None) -> str:
    """Return a duration for reading."""
    return "–" if value is None else f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"


def percent(value: float | None) -> str:
    """Return a share for reading."""
    return "–" if value is None else f"{100 * value:.1f} %"
