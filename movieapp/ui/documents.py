"""Parts of reports as parts of pages: the same tiles, drawings, tables and notes."""

from collections.abc import Sequence

from nicegui import ui

from movieapp.monitoring.document import Note, Plot, Section, Tile
from movieapp.ui.figures import table
from movieapp.ui.theme import section


def show_section(part: Section) -> None:
    """Show a section of a report."""
    section(part.title, part.sentence)
    if part.tiles:
        show_tiles(part.tiles)
    if part.plots:
        with ui.element("div").classes("plots"):
            for plot in part.plots:
                _plot(plot)
    for one in part.tables:
        table(one.title, one.columns, one.rows, note=one.sentence, prose=one.prose)
    for note in part.notes:
        show_note(note)


def show_tiles(tiles: Sequence[Tile]) -> None:
    """Show figures, each with its sentence, and its colour in words where it has a limit."""
    with ui.element("dl").classes("figures tiles"):
        for tile in tiles:
            with ui.element("div").classes(f"figure tile tile-{tile.verdict or 'plain'}"):
                with ui.element("dt"):
                    ui.label(tile.title)
                    if tile.verdict in ("green", "amber", "red"):
                        ui.label(tile.verdict).classes("tile-word")
                with ui.element("dd"):
                    ui.label(tile.value)
                    if tile.sentence:
                        ui.label(tile.sentence).classes("muted small")


def show_note(note: Note) -> None:
    """Show a heading that opens onto its paragraphs."""
    with ui.element("details").classes("panel note"):
        with ui.element("summary"):
            ui.label(note.title).classes("as-text")
        for paragraph in note.paragraphs:
            with ui.element("p"):
                ui.label(paragraph).classes("as-text")


def _plot(plot: Plot) -> None:
    with ui.element("figure").classes("panel plot-box"):
        with ui.element("figcaption"):
            ui.label(plot.title).classes("panel-title")
            ui.label(plot.sentence).classes("muted small")
        ui.label("Swipe sideways for all of it.").classes("table-hint").props("aria-hidden=true")
        with ui.element("div").classes("table-scroll").props("tabindex=0 role=region") as box:
            # Drawn by monitoring/plots.py, which escapes every word of the data.
            ui.html(plot.svg, sanitize=False)
        box.props["aria-label"] = plot.title
