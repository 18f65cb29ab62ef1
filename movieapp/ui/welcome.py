"""The first visit: say of a few films what you think of them, and the app begins to know your taste."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

from fastapi import Request
from nicegui import app, run, ui

from movieapp.serving.first_answers import FIRST_LIST, GOOD_LIST, ON_WALL, FirstAnswers, Opinion
from movieapp.serving.lists import Film
from movieapp.ui.cards import facts, poster_image
from movieapp.ui.grid import film_grid
from movieapp.ui.notices import (
    empty,
    notice,
    shown,
    skeleton_grid,
    text_button,
    when_ready,
    when_version_changes,
)
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, heading, section
from movieapp.ui.viewer import Viewer, link, viewer
from movieapp.ui.welcome_parts import (
    DRAWN,
    PATH,
    SAID,
    answer_chip,
    counts_sentence,
    opinion_button,
    progress_sentence,
)

# Answers that are listed; the profile has all of them.
MOST_LISTED = 12
# A film that somebody does not know is told in the URL, which may not grow without end.
MOST_UNKNOWN = 150
PREVIEW = 6


def register(services: Services) -> None:
    """Add the page."""
    first_answers = FirstAnswers(services.recommender, services.profiles)

    @ui.page(PATH)
    async def welcome_page(request: Request, user: str | None = None) -> None:
        # Without an id in the address this is somebody new, whoever watched here before.
        who = viewer(services, user) if user else Viewer(None, False)
        unknown = _ids(request.query_params.get("unknown", ""))
        with frame(services, "Welcome", who):
            if who.typed is not None:
                notice(f"“{who.typed[:40]}” is not a user number, so this begins anew.", kind="problem")
            await when_ready(services, Welcome(services, first_answers, who.user_id, unknown).build)


class Step(NamedTuple):
    """Something that can be undone: an answer to a film, by its event, or films that are not known."""

    told: str
    films: tuple[Film, ...]
    event_id: str | None = None


class Welcome:
    """The page's state: who answers, the films on the wall, and what they do not know."""

    def __init__(
        self, services: Services, first_answers: FirstAnswers, user_id: int | None, unknown: list[int]
    ) -> None:
        self.services = services
        self.first_answers = first_answers
        self.user_id = user_id
        self.unknown = unknown
        # A film and its cell have the same place.
        self.wall: list[Film] = []
        self.cells: list[ui.element] = []
        self.steps: list[Step] = []
        # A second click while an answer is being saved waits for it: it may be of somebody without an id yet.
        self._turn = asyncio.Lock()

    async def build(self) -> None:
        """Show the page."""
        heading(
            "Which films do you know?",
            f"Say what you think of them: {counts_sentence()}. What you have not seen, leave, or pass over.",
        )
        self.progress = ui.element("div").classes("answers-bar")
        with ui.element("div").classes("welcome"):
            self.grid = ui.element("div").props("aria-live=off").mark("wall")
            with self.grid:
                skeleton_grid(ON_WALL)
            self.tools = ui.element("div").classes("wall-tools")
        self.given = ui.element("div").mark("answers")
        self.results = ui.element("div").classes("results").props("aria-live=polite").mark("results")
        self.wall = await self._next(ON_WALL)
        self._show_wall()
        self._show_rest()
        when_version_changes(self.services, self._show_results)

    async def _in_turn(self, step: Callable[[], Awaitable[None]]) -> None:
        # The button that was clicked is gone before the step is over; what is told then needs a place.
        async with self._turn:
            with self.progress:
                await step()

    async def _next(self, k: int) -> list[Film]:
        """Return up to k films to put on the wall."""
        on_wall = [film.movie_id for film in self.wall]
        films = await run.io_bound(
            lambda: self.first_answers.films(self.user_id, not_known=self.unknown, shown=on_wall, k=k)
        )
        return films or []

    async def _answer(self, film: Film, opinion: Opinion) -> None:
        """Keep an answer; only then does the film leave the wall."""
        if film not in self.wall:
            return

        def keep() -> tuple[int, str]:
            now = self.services.clock()
            kept = self.first_answers.answer(self.user_id, film.movie_id, opinion, now=now)
            self.services.recommender.score_ahead(kept[0])
            return kept

        said = await run.io_bound(keep)
        if said is not None:
            self.user_id, event_id = said
            app.storage.user["user_id"] = self.user_id
            self.steps.append(Step(f"{SAID[opinion]}: {film.name}", (film,), event_id))
            await self._replace(film)

    async def _pass(self, film: Film) -> None:
        """Take a film that is not known off the wall."""
        if film in self.wall:
            self._put_by(film)
            self.steps.append(Step(f"Don’t know: {film.name}", (film,)))
            await self._replace(film)

    async def _pass_all(self) -> None:
        """Take all films off the wall."""
        films = tuple(self.wall)
        self._put_by(*films)
        self.steps.append(Step(f"{len(films)} films passed over", films))
        self.wall = []
        self.wall = await self._next(ON_WALL)
        self._show_wall()
        self._show_rest()

    async def _replace(self, film: Film) -> None:
        """Put another film where this one was; the others keep their places, and the keyboard its own."""
        place = self.wall.index(film)
        films = await self._next(1)
        if films:
            self.wall[place] = films[0]
            self.cells[place].clear()
            with self.cells[place]:
                self._card(films[0]).run_method("focus")
        else:
            self.wall.remove(film)
            self.cells.pop(place).delete()
        self._show_rest()

    async def _undo(self) -> None:
        """Take the last step back."""
        if not self.steps:
            return
        step = self.steps.pop()
        if step.event_id is not None:
            await run.io_bound(self.services.profiles.undo, step.event_id)
        gone = {film.movie_id for film in step.films}
        self.unknown = [movie_id for movie_id in self.unknown if movie_id not in gone]
        self._put_back(*step.films)

    async def _take_back(self, film: Film) -> None:
        """Remove an answer, and ask about the film again."""
        user_id = self.user_id
        assert user_id is not None
        now = self.services.clock()
        await run.io_bound(lambda: self.services.profiles.unrate(user_id, film.movie_id, now=now))
        self.steps = [step for step in self.steps if step.event_id is None or film not in step.films]
        self._put_back(film)

    def _put_back(self, *films: Film) -> None:
        self.wall = [*films, *(film for film in self.wall if film not in films)][:ON_WALL]
        self._show_wall()
        self._show_rest()

    def _put_by(self, *films: Film) -> None:
        self.unknown = [*self.unknown, *(film.movie_id for film in films)][-MOST_UNKNOWN:]

    def _show_rest(self) -> None:
        """Show everything but the wall as it is now, and put it into the address."""
        unknown = ",".join(map(str, self.unknown))
        where = link("", user=self.user_id, unknown=unknown).replace("%2C", ",")
        ui.navigate.history.replace(where or "?")
        self._show_progress()
        self._show_tools()
        self._show_answers()
        self._show_results()

    def _answers(self) -> list[tuple[Film, float]]:
        """Return the films answered and their stars, the newest first."""
        if self.user_id is None or self.services.profiles.history(self.user_id) is None:
            return []
        catalogue = self.services.recommender.catalogue
        rated = (
            (catalogue.film(row.movie_id), row.rating) for row in self.services.profiles.ratings(self.user_id)
        )
        return [(film, stars) for film, stars in rated if film is not None]

    def _show_progress(self) -> None:
        n = len(self._answers())
        self.progress.clear()
        with self.progress:
            with ui.element("div").classes("bar").props("role=progressbar aria-valuemin=0") as bar:
                ui.element("div").classes("bar-fill").style(f"width: {100 * min(n / GOOD_LIST, 1):.0f}%")
            bar.props(f"aria-valuemax={GOOD_LIST} aria-valuenow={min(n, GOOD_LIST)}")
            bar.props["aria-label"] = "Answers"
            ui.label(progress_sentence(n)).props("role=status").mark("progress")
            if self.user_id is not None and n >= FIRST_LIST:
                target = link("/", user=self.user_id)
                ui.link("See your films", target).classes("button button-strong").mark("to-films")

    def _show_wall(self) -> None:
        self.grid.clear()
        with self.grid, ui.element("ul").classes("grid wall"):
            self.cells = [ui.element("li").classes("card") for _ in self.wall]
        for cell, film in zip(self.cells, self.wall, strict=True):
            with cell:
                self._card(film)

    def _show_tools(self) -> None:
        self.tools.clear()
        with self.tools:
            if self.wall:
                passing = partial(self._in_turn, self._pass_all)
                text_button("I know none of these: show others", passing, icon_name="retry").mark("others")
            else:
                empty("No film is left to ask about", "Undo, or go on to your films.")
            if self.steps:
                undo = partial(self._in_turn, self._undo)
                text_button(f"Undo: {self.steps[-1].told}", undo, icon_name="undo").mark("undo")

    def _card(self, film: Film) -> ui.element:
        """Show a film with its answers, and return the first of them."""
        with ui.element("div").classes("frame"):
            poster_image(film, eager=True)
        ui.label(film.name).classes("card-name").props["title"] = film.title
        ui.label(facts(film, most=2)).classes("card-facts")
        with ui.element("div").classes("opinions").props("role=group") as group:
            buttons = [
                opinion_button(
                    SAID[opinion],
                    film,
                    partial(self._in_turn, partial(self._answer, film, opinion)),
                    DRAWN[opinion],
                ).mark(f"{opinion}-{film.movie_id}")
                for opinion in Opinion
            ]
            passing = partial(self._in_turn, partial(self._pass, film))
            opinion_button("Don’t know it", film, passing, "eye-off").mark(f"pass-{film.movie_id}")
        group.props["aria-label"] = f"Your answer to {film.name}"
        return buttons[0]

    def _show_answers(self) -> None:
        self.given.clear()
        answers = self._answers()
        if not answers:
            return
        with self.given:
            section("Your answers")
            with ui.element("ul").classes("chips"):
                for film, stars in answers[:MOST_LISTED]:
                    answer_chip(film, stars, partial(self._in_turn, partial(self._take_back, film)))
            if len(answers) > MOST_LISTED:
                more = f"And {len(answers) - MOST_LISTED:,} more in the profile"
                ui.link(more, link("/profile", user=self.user_id))

    def _show_results(self) -> None:
        self.results.clear()
        n = len(self._answers())
        if self.user_id is None or n < FIRST_LIST:
            return
        with self.results:
            section("Your list so far", "It changes with each answer.")
            shown(self._list)

    def _list(self) -> None:
        assert self.user_id is not None
        answer = self.services.recommender.recommend(self.user_id, k=PREVIEW)
        if answer.notice:
            notice(answer.notice)
        film_grid(self.services, answer)


def _ids(text: str) -> list[int]:
    parts = text.split(",")[:MOST_UNKNOWN]
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 10]
