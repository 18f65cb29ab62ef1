"""Parts of the first visit's page, and the way to it."""

from collections.abc import Callable

from nicegui import ui

from movieapp.serving.first_answers import FIRST_LIST, GOOD_LIST, Opinion
from movieapp.serving.lists import Film
from movieapp.ui.cards import poster_image
from movieapp.ui.icons import icon
from movieapp.ui.notices import safely
from movieapp.ui.stars import stars_text
from movieapp.ui.viewer import link

PATH = "/welcome"
SAID = {Opinion.LOVED: "Loved it", Opinion.LIKED: "Liked it", Opinion.NOT_FOR_ME: "Not for me"}
DRAWN = {Opinion.LOVED: "heart", Opinion.LIKED: "thumb-up", Opinion.NOT_FOR_ME: "thumb-down"}


def invitation(user_id: int | None = None) -> None:
    """Show the way here to somebody whom the app does not know, or of whom it knows nothing yet."""
    with ui.element("section").classes("invitation").props('aria-label="New here?"'):
        with ui.element("div"):
            with ui.element("h2"):
                ui.label("New here?")
            ui.label("Tell us a few films you know. Three are enough for a first list of your own.").classes(
                "muted"
            )
        ui.link("Choose films you know", link(PATH, user=user_id)).classes("button button-strong").mark(
            "to-welcome"
        )


def answer_chip(film: Film, stars: float, take_back: Callable[[], object]) -> None:
    """Show an answer that was given, with the way to take it back."""
    with ui.element("li").classes("chip"):
        poster_image(film)
        ui.label(f"{film.name} · {stars_text(stars)}").classes("chip-name")
        with ui.element("button").classes("chip-close").props("type=button") as close:
            icon("close")
    close.props["aria-label"] = f"Take back your answer to {film.name}"
    close.mark(f"take-back-{film.movie_id}").on("click", safely(take_back), args=[])


def progress_sentence(n: int) -> str:
    """Say how far somebody with n answers is."""
    answers = "1 answer" if n == 1 else f"{n:,} answers"
    if n < FIRST_LIST:
        return f"{answers}; {FIRST_LIST - n} more for a first list."
    if n < GOOD_LIST:
        return f"{answers}: a first list stands below. {GOOD_LIST - n} more make it a good one."
    return f"{answers}: enough for a good list. More never harm."


def counts_sentence() -> str:
    """Say which rating each answer becomes."""
    parts = [f"“{SAID[opinion]}” counts as {stars_text(opinion.stars)}" for opinion in Opinion]
    return ", ".join(parts)


def opinion_button(text: str, film: Film, handler: Callable[[], object], drawing: str) -> ui.element:
    """Show a button for an answer to a film."""
    with ui.element("button").classes("opinion").props("type=button") as button:
        icon(drawing)
        ui.label(text)
    button.props["aria-label"] = f"{text}: {film.name}"
    return button.on("click", safely(handler), args=[])
