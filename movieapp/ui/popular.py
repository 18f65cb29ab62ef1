"""Popular films: of all time or trending, by genre and years."""

from fastapi import Request
from nicegui import ui

from movieapp.ui.cards import film_grid
from movieapp.ui.filters import WINDOWS, Choice, FilterBar, choice_of
from movieapp.ui.notices import empty, notice, shown, when_ready
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading
from movieapp.ui.viewer import Viewer, link, viewer


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/popular")
    async def popular_page(request: Request, user: str | None = None) -> None:
        who = viewer(services, user)
        query = dict(request.query_params)
        with frame(services, "Popular", who, active="/popular"):
            await when_ready(services, lambda: _content(services, who, query))


def _content(services: Services, who: Viewer, query: dict[str, str]) -> None:
    choice = choice_of(query, services.recommender.catalogue)

    def fill(now: Choice) -> None:
        box.clear()
        with box:
            shown(lambda: _results(services, who, now))

    def change(new: Choice) -> None:
        ui.navigate.history.replace(link("", **new.query) or "?")
        fill(new)

    heading("Popular", "What most people liked. The time counts back from the newest rating in the data.")
    FilterBar(services.recommender.catalogue, choice, change, with_window=True)
    box = ui.element("div").classes("results").props("aria-live=polite").mark("results")
    fill(choice)


def _results(services: Services, who: Viewer, choice: Choice) -> None:
    answer = services.recommender.popular(k=choice.k, window=choice.window, filters=choice.filters)
    if answer.notice:
        notice(answer.notice)
    if answer.results:
        film_grid(services, answer, user_id=who.user_id)
    else:
        empty(
            "No film here",
            f"Nothing that passes these filters was rated in this time ({WINDOWS[choice.window].lower()}). "
            "Choose a longer time, or more genres or years.",
        )
