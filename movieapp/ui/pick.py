"""Tonight's pick: the first film of somebody's list, larger than the others."""

from collections.abc import Callable

from nicegui import ui

from movieapp.serving.lists import Result
from movieapp.ui.cards import VERDICTS, expectation, facts, film_path, poster_image, reasons_sentence
from movieapp.ui.grid import own_part
from movieapp.ui.services import Services


def tonights_pick(
    services: Services,
    result: Result,
    user_id: int,
    rated: Callable[[], None],
    *,
    request_id: str,
) -> None:
    """Show the film with the reasons for it; `rated` is called when something was told of it, or undone."""
    film = result.film
    with ui.element("article").classes("top"):
        with (
            ui.link(target=film_path(film, user_id))
            .classes("top-poster")
            .props("tabindex=-1 aria-hidden=true")
        ):
            poster_image(film, eager=True)
        with ui.element("div").classes("top-text"):
            ui.label("Tonight's pick").classes("eyebrow")
            with ui.element("h2"):
                ui.link(film.name, film_path(film, user_id)).classes("top-name").mark(f"film-{film.movie_id}")
            ui.label(facts(film, most=5)).classes("muted")
            if result.expected is not None:
                with ui.element("div").classes("top-expected"):
                    ui.label(f"★ {expectation(result.expected)}")
                    if (verdict := result.expected.verdict) is not None:
                        ui.label(VERDICTS[verdict]).classes(f"why-verdict verdict-{verdict}")
            sentence = reasons_sentence(services, result.reasons)
            if sentence:
                ui.label(sentence).classes("top-reason")
            own_part(services, film, user_id, rated, request_id=request_id, size="large")
