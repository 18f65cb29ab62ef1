"""Similar films: pick a few, and see what is like them."""

from fastapi import Request
from nicegui import ui

from movieapp.errors import NotFound
from movieapp.serving.lists import Answer, Film
from movieapp.ui.cards import poster_image
from movieapp.ui.choice import Choice, choice_of
from movieapp.ui.filters import FilterBar
from movieapp.ui.grid import living_grid
from movieapp.ui.icons import icon
from movieapp.ui.notices import empty, no_model_yet, notice, safely, shown, when_ready, when_version_changes
from movieapp.ui.search import FilmSearch
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading
from movieapp.ui.unknown import not_known
from movieapp.ui.viewer import link, viewer

MOST_SEEDS = 12


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/seeds")
    async def seeds_page(request: Request, movies: str = "", user: str | None = None) -> None:
        who = viewer(services, user)
        query = dict(request.query_params)
        with frame(services, "Similar films", who, active="/seeds"):
            await when_ready(services, lambda: Seeds(services, movies, query, who.user_id).build())


def seed_films(services: Services, text: str) -> tuple[list[Film], list[str]]:
    """Return the films that a URL names by id, and what it names that is none."""
    films: dict[int, Film] = {}
    unknown = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        is_number = part.isascii() and part.isdigit() and len(part) < 10
        film = services.recommender.catalogue.film(int(part)) if is_number else None
        if film is None:
            unknown.append(part[:20])
        else:
            films[film.movie_id] = film
    return list(films.values())[:MOST_SEEDS], unknown


class Seeds:
    """The page's state: the films picked, and the filters."""

    def __init__(self, services: Services, movies: str, query: dict[str, str], user_id: int | None) -> None:
        self.services = services
        self.user_id = user_id
        self.films, self.unknown = seed_films(services, movies)
        self.choice: Choice = choice_of(query, services.recommender.catalogue)

    def build(self) -> None:
        """Show the page."""
        heading("Similar films", "Pick one film or several; what is like all of them comes up below.")
        if self.unknown:
            notice(f"No film has the number {', '.join(self.unknown)}, so it is left out.", kind="problem")
        with ui.element("div").classes("seed-search"):
            FilmSearch(self.services, label="Search for a film to start from", on_pick=self.add)
        self.chips = ui.element("ul").classes("chips").props('aria-label="Picked films"')
        FilterBar(self.services.recommender.catalogue, self.choice, self.filter)
        self.results = ui.element("div").classes("results").props("aria-live=polite").mark("results")
        self.refresh()
        when_version_changes(self.services, self.refresh)

    def add(self, film: Film) -> None:
        """Pick a film."""
        if len(self.films) >= MOST_SEEDS:
            ui.notify(
                f"{MOST_SEEDS} films are enough; take one away first.", type="warning", position="bottom"
            )
        elif film not in self.films:
            self.films.append(film)
            self.changed()

    def remove(self, film: Film) -> None:
        """Take a film away."""
        self.films.remove(film)
        self.changed()

    def filter(self, choice: Choice) -> None:
        """Take other filters."""
        self.choice = choice
        self.changed()

    def changed(self) -> None:
        """Put the state into the URL and show what follows from it."""
        movies = ",".join(str(film.movie_id) for film in self.films)
        ui.navigate.history.replace(link("", movies=movies, **self.choice.query).replace("%2C", ",") or "?")
        self.refresh()

    def refresh(self) -> None:
        """Show the picked films and what is like them."""
        self.chips.clear()
        with self.chips:
            for film in self.films:
                self._chip(film)
        self.chips.set_visibility(bool(self.films))
        self.results.clear()
        with self.results:
            shown(self._similar)

    def _chip(self, film: Film) -> None:
        with ui.element("li").classes("chip"):
            poster_image(film)
            ui.label(film.name).classes("chip-name")
            with ui.element("button").classes("chip-close").props("type=button") as close:
                icon("close")
            close.props["aria-label"] = f"Take {film.name} away"
            close.mark(f"remove-{film.movie_id}").on("click", safely(lambda: self.remove(film)), args=[])

    def _similar(self) -> None:
        if not self.films:
            self._suggestions()
            return
        if self.services.recommender.live is None:
            no_model_yet()
            return

        def ask() -> Answer:
            return self.services.recommender.similar(
                [film.movie_id for film in self.films],
                k=self.choice.k,
                filters=self.choice.filters,
                user_id=self.user_id,
            )

        try:
            answer = ask()
        except NotFound:
            notice(not_known(self.services, self.films))
            return
        if answer.notice:
            notice(answer.notice)
        if answer.results:
            living_grid(self.services, answer, ask=ask, otherwise=self.refresh, user_id=self.user_id)
        else:
            empty("Nothing like it passes these filters", "Allow more genres or years.")

    def _suggestions(self) -> None:
        empty("Start with a film you love", "Search above, or begin with one of these.")
        popular = self.services.recommender.popular(k=12)
        with ui.element("ul").classes("chips chips-center"):
            for result in popular.results:
                with (
                    ui.element("li"),
                    ui.element("button").classes("chip chip-button").props("type=button") as chip,
                ):
                    poster_image(result.film)
                    ui.label(result.film.name).classes("chip-name")
                    icon("plus")
                chip.on("click", safely(lambda film=result.film: self.add(film)), args=[])
