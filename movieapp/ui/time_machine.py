"""The time machine: month by month, what a person would have been shown then, and what they came to like."""

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import background_tasks, run, ui

from movieapp.errors import MovieAppError
from movieapp.lifecycle.time_machine import Cut, Itinerary, Listed, TimeMachine, Visit
from movieapp.ui.charts import bar_chart
from movieapp.ui.figures import figure
from movieapp.ui.notices import LOADING, empty, problem
from movieapp.ui.services import Services
from movieapp.ui.taste_parts import Small, own_page, strip
from movieapp.ui.taste_words import (
    about_best_moment,
    about_cut,
    about_hits,
    about_journey,
    about_known,
    about_places,
    share,
    short_title,
    stop_title,
)
from movieapp.ui.viewer import viewer

PATH = "/you/time-machine"
LEDE = (
    "What would you have been shown back then, by a model that knew only what was known then? "
    "Framed are the films that you came to like."
)


def register(services: Services) -> None:
    """Add the page."""
    machine = services.time_machine or TimeMachine(services.database)

    @ui.page(PATH)
    async def time_machine_page(user: str | None = None) -> None:
        who = viewer(services, user)
        await own_page(
            services, who, PATH, "Time machine", LEDE, lambda user_id: _content(services, machine, user_id)
        )


async def _content(services: Services, machine: TimeMachine, user_id: int) -> None:
    itinerary = await run.io_bound(machine.itinerary, user_id)
    if itinerary is None:
        return
    if not itinerary.stops:
        empty(
            "Not enough history yet",
            "A journey needs some ratings, and a film that you liked after them. Rate more films as you "
            "watch them, and come back.",
        )
        return
    ui.label(about_cut(itinerary)).classes("grid-note")
    journey = _Journey(services, machine, user_id, itinerary)
    background_tasks.create(journey.travel(), name=LOADING)


class _Journey:
    """Visits one moment after the other, and shows each as soon as it is known; ends with its page."""

    def __init__(self, services: Services, machine: TimeMachine, user_id: int, itinerary: Itinerary) -> None:
        self._services, self._machine = services, machine
        self._user_id, self._itinerary = user_id, itinerary
        with ui.element("div").classes("part") as self._top, ui.element("div").classes("travelling"):
            self._said = ui.label().props("role=status").mark("travelling")
            with ui.element("div").classes("bar") as self._bar:
                self._fill = ui.element("div").classes("bar-fill")
            self._bar.props('role=progressbar aria-valuemin=0 aria-valuemax=100 aria-label="Progress"')
        self._moments = ui.element("div").classes("part")
        self._progress(0)

    async def travel(self) -> None:
        """Visit every moment. What others visited before is there at once."""
        visits: list[Visit] = []
        for place, stop in enumerate(self._itinerary.stops):
            self._progress(place)
            try:
                visit = await run.io_bound(self._machine.visit, self._user_id, stop)
            except MovieAppError as error:
                self._end(partial(problem, error))
                return
            if visit is None or self._moments.is_deleted:
                return
            visits.append(visit)
            with self._moments:
                _moment(self._services, self._user_id, visit, self._itinerary.cut)
        self._end(partial(_summary, visits, self._itinerary.cut))

    def _progress(self, place: int) -> None:
        title = stop_title(self._itinerary.stops[place], self._itinerary.cut)
        where = f"to {title}" if self._itinerary.cut is Cut.MONTHS else f"to the moment {title.lower()}"
        self._said.set_text(f"Travelling {where} …")
        percent = round(100 * place / len(self._itinerary.stops))
        self._fill.style(f"width: {percent}%")
        self._bar.props(f"aria-valuenow={percent}")

    def _end(self, show: Callable[[], object]) -> None:
        if self._top.is_deleted:
            return
        self._top.clear()
        with self._top:
            show()


def _summary(visits: Sequence[Visit], cut: Cut) -> None:
    """Show all moments together."""
    n_shown = sum(len(visit.shown) for visit in visits)
    n_popular = sum(len(visit.popular) for visit in visits)
    if not n_shown:
        return
    hits, popular = sum(visit.n_hits for visit in visits), sum(visit.n_popular_hits for visit in visits)
    with ui.element("dl").classes("figures"):
        figure("Your lists of then", share(hits / n_shown), "of their places came to be liked")
        figure("Popular lists of then", share(popular / n_popular), "of their places came to be liked")
    ui.label(about_journey(visits)).classes("grid-note")
    if len(visits) > 1:
        names = [short_title(visit.stop, cut) for visit in visits]
        series = {
            "Your lists": [float(visit.n_hits) for visit in visits],
            "Popular lists": [float(visit.n_popular_hits) for visit in visits],
        }
        bar_chart("Films that you came to like, by list", names, series, about_best_moment(visits, cut))


def _moment(services: Services, user_id: int, visit: Visit, cut: Cut) -> None:
    """Show one moment: what was known, the list of then, and what became of it."""
    with ui.element("section").classes("panel moment"):
        with ui.element("div").classes("moment-head"):
            with ui.element("h2"):
                ui.label(stop_title(visit.stop, cut))
            ui.label(about_known(visit)).classes("muted small")
        if not visit.shown:
            ui.label("Hardly anybody had rated anything by then, so there was nothing to recommend.").classes(
                "moment-hits"
            )
            return
        ui.label(about_hits(visit)).classes("moment-hits")
        if not visit.is_personal:
            ui.label(
                "You had liked nothing yet that the model knew, so these are the popular films."
            ).classes("muted small")
        ui.label(about_places(visit)).classes("muted small")
        catalogue = services.recommender.catalogue
        films = [(film, one) for one in visit.shown if (film := catalogue.film(one.movie_id)) is not None]
        strip([Small(film, one.stars, _became(one), one.is_hit) for film, one in films], user_id)


def _became(one: Listed) -> str:
    if one.is_hit:
        return "liked later"
    return "not rated since" if one.stars is None else "rated later"
