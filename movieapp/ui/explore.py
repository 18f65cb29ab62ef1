"""The release itself, to look at; and the kept reports, as they were written."""

import re
from pathlib import Path

from fastapi import Response
from fastapi.responses import FileResponse
from nicegui import app, ui

from movieapp.monitoring.document import Document
from movieapp.monitoring.explore import exploration
from movieapp.monitoring.report import reports
from movieapp.ui.documents import show_section
from movieapp.ui.files import style_sheet
from movieapp.ui.notices import loaded, skeleton_lines, when_ready
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading
from movieapp.ui.viewer import viewer

REPORT = re.compile(r"\d{4}-\d{2}-\d{2}\.html")


def register(services: Services) -> None:
    """Add the page, and serve the daily reports."""
    app.remove_route("/reports/{name}")

    @app.get("/reports/{name}")
    def report_file(name: str) -> Response:
        folder = reports_folder(services)
        if folder is None or not REPORT.fullmatch(name) or not (folder / name).is_file():
            return Response("There is no report of that day.", status_code=404)
        return FileResponse(folder / name, media_type="text/html")

    @ui.page("/explore")
    async def explore_page(user: str | None = None) -> None:
        with frame(services, "Explore", viewer(services, user), active="/explore"):
            style_sheet("dashboard.css")
            await when_ready(services, lambda: _content(services))


async def _content(services: Services) -> None:
    def read() -> Document:
        return exploration(services.database, now=services.clock())

    heading("Explore the release", "What the ratings look like, before any model sees them.")
    await loaded(read, _show, skeleton=lambda: skeleton_lines(12))


def _show(document: Document) -> None:
    ui.label(f"{document.title.removeprefix('Exploring ')}: {document.lede}").classes("muted")
    for section in document.sections:
        show_section(section)


def reports_folder(services: Services) -> Path | None:
    """Return where the daily reports are kept; None for a database in memory."""
    path = services.database.path
    return None if path is None else path.resolve().parent / "reports"


def report_links(services: Services) -> None:
    """Link the newest daily reports."""
    folder = reports_folder(services)
    found = reports(folder)[:7] if folder is not None and folder.is_dir() else []
    with ui.element("p").classes("report-links"):
        if not found:
            ui.label("No daily report yet; each day's is linked here.").classes("muted as-text")
            return
        ui.label("Daily reports:").classes("muted as-text")
        for file in found:
            ui.link(file.stem, f"/reports/{file.name}", new_tab=True)
