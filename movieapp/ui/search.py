"""The film search: suggestions while typing, in the header and on the page of similar films."""

from collections.abc import Callable

from nicegui import ui

from movieapp.errors import NotReady
from movieapp.serving.lists import Expected, Film
from movieapp.ui.cards import expectation, expected_stars, facts, film_link, film_path, poster_image
from movieapp.ui.notices import safely
from movieapp.ui.services import Services

MOST = 8


class FilmSearch:
    """A search field. A found film opens its page or, with `on_pick`, is handed over."""

    def __init__(
        self,
        services: Services,
        *,
        label: str,
        user_id: int | None = None,
        on_pick: Callable[[Film], None] | None = None,
    ) -> None:
        self._services = services
        self._user_id = user_id
        self._on_pick = on_pick
        self._found: list[Film] = []
        with ui.element("div").classes("suggest"):
            self._field = ui.input(placeholder=label, on_change=lambda event: self._look(event.value or ""))
            self._field.props("outlined dense clearable debounce=120 autocomplete=off type=search")
            self._field.props["aria-label"] = label
            self._field.classes("field suggest-field").mark("search" if on_pick is None else "search-seed")
            self._field.on("keydown.enter", safely(self._first))
            self._results = ui.element("div").classes("suggest-results")
            self._results.props("role=group aria-label=Suggestions").set_visibility(False)

    def _look(self, text: str) -> None:
        """Show what matches."""
        self._found.clear()
        self._results.clear()
        text = text.strip()
        self._results.set_visibility(bool(text))
        if not text:
            return
        with self._results:
            try:
                self._found.extend(self._services.recommender.catalogue.search(text, limit=MOST))
            except NotReady:
                ui.label("The films are still being read.").classes("suggest-none")
                return
            if not self._found:
                ui.label(f"No film matches “{text[:60]}”.").classes("suggest-none")
            expected = expected_stars(self._services, self._user_id, self._found)
            for film in self._found:
                self._suggestion(film, expected.get(film.movie_id))

    def _suggestion(self, film: Film, expected: Expected | None) -> None:
        if self._on_pick is None:
            item = film_link(film, self._user_id)
        else:
            item = ui.element("button").props("type=button")
            item.on("click", safely(lambda: self._pick(film)), args=[])
        with item.classes("suggest-item").mark(f"suggest-{film.movie_id}"):
            poster_image(film)
            with ui.element("span").classes("suggest-text"):
                ui.label(film.name).classes("suggest-name")
                ui.label(facts(film)).classes("muted small")
            if expected is not None:
                stars = ui.label(f"★ {expected.stars:.1f}").classes("suggest-expected").props("role=img")
                stars.props["aria-label"] = stars.props["title"] = expectation(expected)

    def _pick(self, film: Film) -> None:
        assert self._on_pick is not None
        self._field.set_value("")
        self._on_pick(film)

    def _first(self) -> None:
        """Take the best match: Enter was pressed."""
        self._look(self._field.value or "")
        if self._found and self._on_pick is not None:
            self._pick(self._found[0])
        elif self._found:
            ui.navigate.to(film_path(self._found[0], self._user_id))
