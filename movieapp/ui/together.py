"""Tonight, together: choose people, see what suits all of them, and for whom a film is a gamble."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import Request
from nicegui import background_tasks, ui

from movieapp.errors import Invalid
from movieapp.serving.company import Scale
from movieapp.serving.lists import Film
from movieapp.serving.together import FAIRNESS, MOST_PEOPLE, Evening, Evenings, Together
from movieapp.ui.cards import poster_image
from movieapp.ui.choice import Choice, choice_of
from movieapp.ui.filters import FilterBar
from movieapp.ui.icons import icon
from movieapp.ui.notices import (
    LOADING,
    empty,
    loaded,
    notice,
    safely,
    skeleton_grid,
    text_button,
    when_ready,
    when_version_changes,
)
from movieapp.ui.services import Services
from movieapp.ui.slider import WordedSlider
from movieapp.ui.theme import frame, heading
from movieapp.ui.together_card import together_card
from movieapp.ui.viewer import Viewer, avatar, link, parsed, viewer, viewer_of

PATH = "/together"
OFFERED = 8
LONGEST_VETO = 60
FAIR = (
    "The mean of what each of you is expected to give: the plain average at the left, the least of all at "
    "the right, and between them power means, in which whoever likes a film least counts more and more."
)

FAIR_WORDS = (
    "best on average",
    "nearer to best on average",
    "in the middle",
    "nearer to nobody suffers",
    "nobody suffers",
)


def register(services: Services) -> None:
    """Add the page."""
    evenings = Evenings(services.recommender, services.profiles)

    @ui.page(PATH)
    async def together_page(request: Request, user: str | None = None) -> None:
        who = viewer(services, user)
        query = dict(request.query_params)
        with frame(services, "Tonight, together", who, active=PATH):
            await when_ready(services, lambda: _Page(services, evenings, who, query).build())


class _Page:
    """The page's state: who is there, and what is set."""

    def __init__(self, services: Services, evenings: Evenings, who: Viewer, query: Mapping[str, str]) -> None:
        self.services = services
        self.evenings = evenings
        self.who = who
        self.choice = choice_of(query, services.recommender.catalogue)
        self.asked, self.refused = _asked(query, who, services)
        self._turn = asyncio.Lock()

    def build(self) -> None:
        """Show the page."""
        heading("Tonight, together", "Say who is there; what suits all of you comes up below.")
        if self.refused:
            notice(f"“{self.refused[:40]}” is not a user number, so nobody is added for it.", kind="problem")
        self.people = ui.element("section").classes("company").props('aria-label="Who is there"')
        with ui.element("div").classes("panel evening").props('role=group aria-label="What counts"'):
            self._fairness()
            self._switches()
        FilterBar(self.services.recommender.catalogue, self.choice, self._filter)
        self.vetoed = ui.element("ul").classes("chips").props('aria-label="Not tonight"').mark("vetoed")
        self.results = ui.element("div").classes("results").props("aria-live=polite").mark("results")
        self._show_people()
        self._show_vetoed()
        self._renew()
        when_version_changes(self.services, self._renew)

    def _fairness(self) -> None:
        with ui.element("div").classes("aim"):
            ui.label("Whom the list minds").classes("aim-name").props("aria-hidden=true")
            WordedSlider(
                "From best on average to nobody suffers",
                low=0,
                high=1,
                words=FAIR_WORDS,
                value=self.asked.fairness,
                on_change=lambda value: self._change(fairness=value),
            ).mark("fairness")
            with ui.element("div").classes("aim-ends").props("aria-hidden=true"):
                ui.label("best on average")
                ui.label("nobody suffers")
            ui.label(FAIR).classes("muted small")

    def _switches(self) -> None:
        with ui.element("div").classes("aim"):
            seen = ui.switch(
                "With films that some of you have seen",
                value=self.asked.with_seen,
                on_change=lambda event: self._change(with_seen=bool(event.value)),
            )
            seen.classes("aim-switch").mark("with-seen")
            ui.label("Never with what one of you has hidden, disliked or gave under three stars.").classes(
                "muted small"
            )

    def _filter(self, choice: Choice) -> None:
        self.choice = choice
        self._changed()

    def _change(self, **changes: Any) -> None:
        asked = replace(self.asked, **changes)
        if asked != self.asked:
            self.asked = asked
            self._changed()

    def _changed(self) -> None:
        asked = self.asked
        query = {
            "people": ",".join(map(str, asked.user_ids)) or "none",
            "fair": None if asked.fairness == FAIRNESS else f"{asked.fairness:g}",
            "again": "1" if asked.with_seen else None,
            "vetoed": ",".join(map(str, asked.vetoed)),
        }
        where = link("", **query, **self.choice.query)
        ui.navigate.history.replace(where.replace("%2C", ","))
        self._renew()

    def _add(self, user_id: int) -> None:
        if len(self.asked.user_ids) >= MOST_PEOPLE:
            raise Invalid(f"{MOST_PEOPLE} people are enough; take one away first.")
        self._people_are((*self.asked.user_ids, user_id))

    def _remove(self, user_id: int) -> None:
        self._people_are(tuple(one for one in self.asked.user_ids if one != user_id))

    def _people_are(self, user_ids: tuple[int, ...]) -> None:
        self._change(user_ids=tuple(dict.fromkeys(user_ids)))
        self._show_people()

    def _veto(self, film: Film) -> None:
        self._change(vetoed=(*self.asked.vetoed, film.movie_id)[-LONGEST_VETO:])
        self._show_vetoed()

    def _allow(self, movie_id: int) -> None:
        self._change(vetoed=tuple(one for one in self.asked.vetoed if one != movie_id))
        self._show_vetoed()

    def _show_people(self) -> None:
        self.people.clear()
        with self.people:
            with ui.element("ul").classes("chips").props('aria-label="Who is there"'):
                for user_id in self.asked.user_ids:
                    self._person(user_id)
            with ui.element("div").classes("choose-form"):
                field = ui.input(label="User number")
                field.props("outlined dense inputmode=numeric autocomplete=off")
                add = safely(lambda: self._add(parsed(field.value or "")))
                field.classes("field").mark("person-field").on("keydown.enter", add)
                text_button("Add", lambda: self._add(parsed(field.value or "")), icon_name="plus").mark("add")
            offered = [one for one in self._offered() if one not in self.asked.user_ids][:OFFERED]
            if offered:
                ui.label("or add").classes("choose-or")
                with ui.element("ul").classes("chips"):
                    for user_id in offered:
                        self._offer(user_id)

    def _offered(self) -> list[int]:
        """Return people to choose from: who watches here, then those with a name, then others."""
        profiles = self.services.profiles
        named = [one.user_id for one in profiles.named()]
        watching = [] if self.who.user_id is None else [self.who.user_id]
        return list(dict.fromkeys([*watching, *named, *(user_id for user_id, _ in profiles.users(20))]))

    def _person(self, user_id: int) -> None:
        who = viewer_of(self.services, user_id)
        with ui.element("li").classes("chip person-chip"):
            avatar(who)
            ui.label(who.title).classes("chip-name")
            with ui.element("button").classes("chip-close").props("type=button") as close:
                icon("close")
        close.props["aria-label"] = f"{who.title} is not there"
        close.mark(f"remove-{user_id}").on("click", safely(partial(self._remove, user_id)), args=[])

    def _offer(self, user_id: int) -> None:
        who = viewer_of(self.services, user_id)
        with ui.element("li"), ui.element("button").classes("chip chip-button person-chip") as chip:
            avatar(who)
            ui.label(who.title).classes("chip-name")
            icon("plus")
        chip.props("type=button").mark(f"add-{user_id}")
        chip.on("click", safely(partial(self._add, user_id)), args=[])

    def _show_vetoed(self) -> None:
        self.vetoed.clear()
        self.vetoed.set_visibility(bool(self.asked.vetoed))
        catalogue = self.services.recommender.catalogue
        with self.vetoed:
            for film in filter(None, map(catalogue.film, self.asked.vetoed)):
                with ui.element("li").classes("chip"):
                    poster_image(film)
                    ui.label(f"Not tonight: {film.name}").classes("chip-name")
                    with ui.element("button").classes("chip-close").props("type=button") as close:
                        icon("close")
                close.props["aria-label"] = f"Take the veto of {film.name} back"
                allow = safely(partial(self._allow, film.movie_id))
                close.mark(f"allow-{film.movie_id}").on("click", allow, args=[])

    def _renew(self) -> None:
        """Work out what holds now, in the background."""
        background_tasks.create(self._show(), name=LOADING, context=self.results)

    async def _show(self) -> None:
        # One after another, so that a slower answer to an earlier question never stands last.
        async with self._turn:
            if self.results.is_deleted:
                return
            asked = replace(self.asked, filters=self.choice.filters, k=self.choice.k)
            self.results.clear()
            with self.results:
                if not asked.user_ids:
                    empty("Who is watching tonight?", "Add at least one person above.")
                    return
                films = partial(self.evenings.films, asked)
                await loaded(films, self._present, skeleton=skeleton_grid)

    def _present(self, found: Together) -> None:
        answer = found.answer
        if answer.notice:
            notice(answer.notice)
        if not answer.results:
            empty(
                "No film is left for all of you", "Allow more genres or years, or films that some have seen."
            )
            return
        if found.scale is Scale.PERCENTILE and found.minded:
            notice(
                "This version does not predict stars. The numbers are the film’s place for each of you among "
                f"the {found.n_known:,} films that the model knows, seen ones included: no. 1 is the best."
            )
        with ui.element("ul").classes("grid company-grid"):
            for place, (result, suits) in enumerate(zip(answer.results, found.suits, strict=True)):
                with ui.element("li").classes("card"):
                    film = result.film
                    together_card(self.services, result, suits, found, is_first=place < 6)
                    veto = text_button("Not tonight", partial(self._veto, film), icon_name="close")
                    veto.props["aria-label"] = f"Not tonight: {film.name}"
                    veto.classes("veto").mark(f"veto-{film.movie_id}")


def _asked(query: Mapping[str, str], who: Viewer, services: Services) -> tuple[Evening, str]:
    """Return what a URL asks for, and what in it is no person; what makes no sense is as usual."""
    people, refused = [], ""
    text = query.get("people")
    if text is None:
        people = [] if who.user_id is None else [who.user_id]
    for part in [] if text in (None, "none") else str(text).split(","):
        try:
            people.append(parsed(part))
        except Invalid:
            refused = refused or part.strip()
    try:
        fairness = float(query.get("fair", ""))
    except ValueError:
        fairness = FAIRNESS
    catalogue = services.recommender.catalogue
    vetoed = [movie_id for movie_id in _numbers(query.get("vetoed", "")) if catalogue.film(movie_id)]
    evening = Evening(
        user_ids=tuple(dict.fromkeys(people))[:MOST_PEOPLE],
        fairness=fairness if 0 <= fairness <= 1 else FAIRNESS,
        with_seen=query.get("again") == "1",
        vetoed=tuple(vetoed[:LONGEST_VETO]),
    )
    return evening, refused


def _numbers(text: str) -> list[int]:
    parts = (part.strip() for part in text.split(","))
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 10]
