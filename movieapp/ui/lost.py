"""What is shown where there is no page, and where a page could not be built."""

from fastapi import Request
from nicegui import app, ui

from movieapp.ui.notices import problem
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, h1
from movieapp.ui.viewer import Viewer, viewer


def register(services: Services) -> None:
    """Show a sentence in place of a page that failed while it was built."""

    def failed(error: Exception) -> None:
        ui.status_code(500)
        with frame(services, "Something went wrong", Viewer(None, False)):
            h1("This page could not be shown")
            problem(error)

    app.on_page_exception(failed)


def lost_page(services: Services, request: Request) -> None:
    """Show that there is nothing at this address."""
    ui.status_code(404)
    with frame(services, "Nothing here", viewer(services, request.query_params.get("user"))):
        lost_content("There is no page at this address.")


def lost_content(sentence: str) -> None:
    """Say what is missing, and where to go on."""
    with ui.element("div").classes("lost"):
        ui.label("404").classes("lost-number").props("aria-hidden=true")
        h1("This reel is missing")
        ui.label(sentence).classes("muted")
        ui.link("To the recommendations", "/").classes("button button-strong")
