"""Popular films: of all time or trending, by genre and years."""

from collections.abc import Callable
from datetime import datetime, timedelta

from fastapi import Request
from nicegui import run, ui

from movieapp.errors import MovieAppError
from movieapp.serving.lists import Answer, Window
from movieapp.ui.choice import WINDOWS, Choice, choice_of
from movieapp.ui.figures import day
from movieapp.ui.filters import FilterBar
from movieapp.ui.grid import living_grid
from movieapp.ui.notices import empty, notice, shown, when_ready
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading
from movieapp.ui.viewer import Viewer, link, viewer

# The days of each window; it ends at the newest rating of the release.
DAYS = {Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30, Window.YEAR: 365}


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/popular")
    async def popular_page(request: Request, user: str | None = None) -> None:
        who = viewer(services, user)
        query = dict(request.query_params)
        with frame(services, "Popular", who, active="/popular"):
            await when_ready(services, lambda: _content(services, who, query))


async def _content(services: Services, who: Viewer, query: dict[str, str]) -> None:
    heading("Popular", "What most people liked: the films with the most ratings of 4 stars or more.")
    newest = await run.io_bound(_newest_rating, services)
    choice = choice_of(query, services.recommender.catalogue)

    def fill(now: Choice) -> None:
        box.clear()
        with box:
            shown(lambda: _results(services, who, now, newest, lambda: fill(now)))

    def change(new: Choice) -> None:
        ui.navigate.history.replace(link("", **new.query) or "?")
        fill(new)

    FilterBar(services.recommender.catalogue, choice, change, with_window=True)
    box = ui.element("div").classes("results").props("aria-live=polite").mark("results")
    fill(choice)


def _newest_rating(services: Services) -> datetime | None:
    """Return when the release ends, if the database can tell: the films themselves are in memory."""
    try:
        dataset = services.database.read("catalog/dataset")
    except MovieAppError:
        return None
    return None if dataset.is_empty() else dataset["last_rated_at"].item()


def _results(
    services: Services,
    who: Viewer,
    choice: Choice,
    newest: datetime | None,
    renew: Callable[[], None],
) -> None:
    time = WINDOWS[choice.window].lower()
    dates = window_dates(choice.window, newest)
    if dates:
        time = f"{time}, {dates}"
        sentence = (
            f"{WINDOWS[choice.window]} of the release: {dates}. It ends with the newest rating, not today."
        )
        ui.label(sentence).classes("grid-note").mark("window-dates")

    def ask() -> Answer:
        return services.recommender.popular(
            k=choice.k, window=choice.window, filters=choice.filters, user_id=who.user_id
        )

    answer = ask()
    if answer.notice:
        notice(answer.notice)
    if answer.results:
        living_grid(services, answer, ask=ask, otherwise=renew, user_id=who.user_id, likes_of=time)
    else:
        empty(
            "No film here",
            f"Nothing that passes these filters was liked in this time ({time}). "
            "Choose a longer time, or more genres or years.",
        )


def window_dates(window: Window, newest: datetime | None) -> str:
    """Return the first and the last day of a window in words; of all time, nothing."""
    if newest is None or window not in DAYS:
        return ""
    return f"{day(newest - timedelta(days=DAYS[window]))} – {day(newest)}"
