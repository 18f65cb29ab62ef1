"""The full list: films for who is watching, or popular ones for nobody, with filters, aims and presets."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request
from nicegui import run, ui

from movieapp.lifecycle.prices import measured_prices
from movieapp.models.rerank import ListAims
from movieapp.serving.lists import Answer
from movieapp.serving.presets import Setting
from movieapp.ui.aims import AimBar, aims_of, aims_query
from movieapp.ui.choice import Choice, choice_of, wrong_way_round
from movieapp.ui.filters import FilterBar
from movieapp.ui.grid import FilmGrid, living_grid
from movieapp.ui.notices import empty, notice, shown, when_ready, when_version_changes
from movieapp.ui.people import choose_viewer
from movieapp.ui.pick import Pick
from movieapp.ui.presets import PresetBar
from movieapp.ui.services import Services
from movieapp.ui.still import Still
from movieapp.ui.theme import frame, heading
from movieapp.ui.viewer import Viewer, link, viewer

PATH = "/list"


@dataclass
class Asked:
    """What is set above the list now."""

    choice: Choice
    aims: ListAims

    @property
    def setting(self) -> Setting:
        """The part of it that can be kept under a name."""
        return Setting(self.choice.filters, self.aims, self.choice.is_unseen)


def register(services: Services) -> None:
    """Add the page."""

    @ui.page(PATH)
    async def list_page(request: Request, user: str | None = None) -> None:
        who = viewer(services, user)
        query = dict(request.query_params)
        with frame(services, "All films for you", who, active="/"):
            await when_ready(services, lambda: _content(services, who, query))


async def _content(services: Services, who: Viewer, query: dict[str, str]) -> None:
    if who.typed is not None:
        notice(f"“{who.typed[:40]}” is not a user number. Use a whole number from 1 on.", kind="problem")
    if who.user_id is None:
        heading("Popular with everybody", "Say who is watching, and this list becomes theirs.")
        choose_viewer(services, path=PATH)
    else:
        heading(
            f"All films for {who.called}",
            "The best first. Choose what may be in the list, and what it leans to.",
        )
    await _list(services, who, query)


async def _list(services: Services, who: Viewer, query: dict[str, str]) -> None:
    usual = services.recommender.aims
    now = Asked(choice_of(query, services.recommender.catalogue), aims_of(query, usual))

    def fill() -> None:
        box.clear()
        with box:
            # Whatever is told of a film makes another list.
            shown(lambda: _results(services, who, now, fill))

    def changed() -> None:
        asked = now.choice.query | aims_query(now.aims, usual)
        ui.navigate.history.replace(link("", user=who.user_id, **asked) or "?")
        fill()

    def filtered(choice: Choice) -> None:
        now.choice = choice
        changed()

    def aimed(aims: ListAims) -> None:
        now.aims = aims
        changed()

    with Still(), ui.element("div").classes("list-tools"):
        FilterBar(services.recommender.catalogue, now.choice, filtered, with_seen=who.is_known)
        # A list of popular films has no other aims.
        if who.is_known and who.user_id is not None:
            prices = await run.io_bound(measured_prices, services.database.path)
            if prices is not None:
                AimBar(now.aims, usual, aimed, prices=prices)
            await PresetBar(services, who.user_id, lambda: now.setting).load()
    box = ui.element("div").classes("results").props("aria-live=polite").mark("results")
    if who.user_id is not None:
        await run.io_bound(services.recommender.score_ahead, who.user_id)
    fill()
    when_version_changes(services, fill)


def _results(services: Services, who: Viewer, now: Asked, rated: Callable[[], None]) -> None:
    choice, user_id = now.choice, who.user_id

    def ask() -> Answer:
        if user_id is None:
            return services.recommender.popular(k=choice.k, filters=choice.filters)
        return services.recommender.recommend(
            user_id, k=choice.k, exclude_seen=choice.is_unseen, filters=choice.filters, aims=now.aims
        )

    answer = ask()
    if answer.notice:
        notice(answer.notice)
    if not answer.results:
        swap = "Put the smaller number first." if wrong_way_round(choice.filters) else ""
        empty("No film passes these filters", swap or "Allow more genres, years or lengths.")
        return
    if user_id is None or answer.is_fallback or not choice.is_empty:
        likes_of = "of all time" if user_id is None else None
        living_grid(services, answer, ask=ask, otherwise=rated, user_id=user_id, likes_of=likes_of)
        return
    pick = Pick(services, user_id, lambda: renew())

    def show(answer: Answer) -> None:
        pick.show(answer.results[0], request_id=answer.request_id)
        grid.show(answer, skip=1)

    def renew() -> None:
        new = ask()
        if new.results and not new.is_fallback:
            show(new)
        else:
            rated()

    grid = FilmGrid(services, user_id=user_id, settled=renew)
    show(answer)
