"""The first page: films for who is watching, or popular ones for somebody the app does not know."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request
from nicegui import run, ui

from movieapp.errors import Invalid
from movieapp.models.rerank import ListAims
from movieapp.serving.lists import Answer
from movieapp.ui.aims import AimBar, aims_of, aims_query
from movieapp.ui.cards import expectation, facts, film_grid, film_path, poster_image, reasons_sentence
from movieapp.ui.filters import Choice, FilterBar, choice_of
from movieapp.ui.leaderboard import Board, last_comparison
from movieapp.ui.notices import empty, notice, shown, text_button, when_ready, when_version_changes
from movieapp.ui.services import Services
from movieapp.ui.stars import RateControl
from movieapp.ui.theme import frame, heading, section
from movieapp.ui.viewer import Viewer, choose_viewer, link, viewer


@dataclass
class Asked:
    """What is set above the list now."""

    choice: Choice
    aims: ListAims


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/")
    async def recommendations_page(request: Request, user: str | None = None) -> None:
        who = viewer(services, user)
        query = dict(request.query_params)
        with frame(services, "Recommendations", who, active="/"):
            await when_ready(services, lambda: _content(services, who, query))


async def _content(services: Services, who: Viewer, query: dict[str, str]) -> None:
    if who.typed is not None:
        notice(f"“{who.typed[:40]}” is not a user number. Use a whole number from 1 on.", kind="problem")
    if who.user_id is None:
        heading("What to watch tonight?", "Say who is watching, and the films below become yours.")
        choose_viewer(services)
        section("Popular with everybody")
    elif who.is_known:
        heading(f"For user {who.user_id}", "Films you have not rated yet, the best first.")
    else:
        heading(
            f"Welcome, user {who.user_id}", "Rate a few films below, and this page begins to know your taste."
        )
    board = await run.io_bound(_comparison, services) if who.is_known else None
    _list(services, who, query, board)


def _comparison(services: Services) -> Board | None:
    """Return the last comparison; a broken file is for the leaderboard to tell of, not for this page."""
    try:
        return last_comparison(services)
    except Invalid:
        return None


def _list(services: Services, who: Viewer, query: dict[str, str], board: Board | None) -> None:
    usual = services.recommender.aims
    now = Asked(choice_of(query, services.recommender.catalogue), aims_of(query, usual))

    def fill() -> None:
        update.set_visibility(False)
        box.clear()
        with box:
            shown(lambda: _results(services, who, now, rated))

    def rated() -> None:
        update.set_visibility(True)

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

    def renew() -> None:
        fill()
        ui.run_javascript("window.scrollTo({top: 0, behavior: 'smooth'})")

    with ui.element("div").classes("list-tools"):
        FilterBar(services.recommender.catalogue, now.choice, filtered)
        # A list of popular films has no other aims.
        if who.is_known:
            AimBar(now.aims, usual, aimed, board=board)
    box = ui.element("div").classes("results").props("aria-live=polite").mark("results")
    update = text_button("Update the list with your ratings", renew, icon_name="retry", kind="strong")
    update.classes("floating").mark("update")
    fill()
    when_version_changes(services, fill)


def _results(services: Services, who: Viewer, now: Asked, rated: Callable[[], None]) -> None:
    choice = now.choice
    if who.user_id is None:
        answer = services.recommender.popular(k=choice.k, filters=choice.filters)
    else:
        answer = services.recommender.recommend(
            who.user_id, k=choice.k, filters=choice.filters, aims=now.aims
        )
    if answer.notice:
        notice(answer.notice)
    if not answer.results:
        empty("No film passes these filters", "Allow more genres or years.")
        return
    n_shown = 0
    if who.user_id is not None and not answer.is_fallback and choice.filters.is_empty:
        _top(services, answer, who.user_id, rated)
        n_shown = 1
    likes_of = "of all time" if who.user_id is None else None
    film_grid(services, answer, skip=n_shown, user_id=who.user_id, on_rated=rated, likes_of=likes_of)


def _top(services: Services, answer: Answer, user_id: int, rated: Callable[[], None]) -> None:
    result = answer.results[0]
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
                ui.label(f"★ {expectation(result.expected)}").classes("top-expected")
            sentence = reasons_sentence(services, result.reasons)
            if sentence:
                ui.label(sentence).classes("top-reason")
            RateControl(services, film, user_id, on_change=rated, size="large", request_id=answer.request_id)
