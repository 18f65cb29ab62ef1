"""Tonight's pick: the first film of somebody's list, larger than the others."""

from collections.abc import Callable

from nicegui import ui

from movieapp.serving.lists import Result
from movieapp.ui.actions import card_tools
from movieapp.ui.cards import VERDICTS, expectation, facts, film_link, poster_image, reasons_sentence
from movieapp.ui.services import Services
from movieapp.ui.stars import RateControl


class Pick:
    """The place of the film; `told` is called when something was told of it, or undone."""

    def __init__(self, services: Services, user_id: int, told: Callable[[], object]) -> None:
        self._services, self._user_id, self._told = services, user_id, told
        self._place = ui.element("div").mark("pick")
        self._says: object = None

    def show(self, result: Result | None, *, request_id: str) -> None:
        """Show the film with the reasons for it, or none; one that says what it said stays as it is."""
        says = None
        if result is not None:
            kept = self._services.profiles.kept_of(self._user_id, result.film.movie_id)
            history = self._services.profiles.history(self._user_id)
            stars = None if history is None else history.stars_of(result.film.movie_id)
            says = result._replace(score=None), kept, stars
        if says == self._says:
            return
        self._says = says
        self._place.clear()
        if result is not None:
            with self._place:
                self._film(result, request_id)

    def _film(self, result: Result, request_id: str) -> None:
        film = result.film
        with ui.element("article").classes("top"):
            picture = film_link(film, self._user_id).classes("top-poster")
            with picture.props("tabindex=-1 aria-hidden=true"):
                poster_image(film, eager=True)
            with ui.element("div").classes("top-text"):
                ui.label("Tonight's pick").classes("eyebrow")
                with ui.element("h2"), film_link(film, self._user_id).classes("top-name") as name:
                    ui.label(film.name).classes("as-text")
                name.mark(f"film-{film.movie_id}")
                ui.label(facts(film, most=5)).classes("muted")
                self._words(result)
                with ui.element("div").classes("card-foot"):
                    RateControl(
                        self._services,
                        film,
                        self._user_id,
                        on_change=self._told,
                        size="large",
                        request_id=request_id,
                    )
                    card_tools(self._services, film, self._user_id, settled=self._told, request_id=request_id)

    def _words(self, result: Result) -> None:
        if result.expected is not None:
            with ui.element("div").classes("top-expected"):
                ui.label(f"★ {expectation(result.expected)}")
                if (verdict := result.expected.verdict) is not None:
                    ui.label(VERDICTS[verdict]).classes(f"why-verdict verdict-{verdict}")
        if sentence := reasons_sentence(self._services, result.reasons):
            ui.label(sentence).classes("top-reason")
