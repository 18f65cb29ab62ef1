"""Why a film stands where it does for somebody: its place, the expected stars, the ratings that carry it."""

import asyncio

from nicegui import background_tasks, ui

from movieapp.errors import NotFound
from movieapp.preparation.interactions import LIKE
from movieapp.serving.explanation import Carrying, Explanation
from movieapp.serving.lists import Expected, Film
from movieapp.ui.cards import expectation, film_path, reasons_sentence
from movieapp.ui.notices import LOADING, loaded, skeleton_lines
from movieapp.ui.services import Services
from movieapp.ui.stars import stars_text

# Of all pairs of people and films of ml-latest-small, half have a give-or-take from 0.69 to 0.89 stars.
# A sixth is at most the first of these, and an eighth at least the second: only what stands out has a word.
SAFE, GAMBLE = 0.65, 1.0


class WhyCard:
    """The card of one film for who is watching; `renew` fills it, and does so again after a rating."""

    def __init__(self, services: Services, film: Film, user_id: int | None) -> None:
        self._services, self._film, self._user_id = services, film, user_id
        self._turn = asyncio.Lock()
        with ui.element("section").classes("panel why").props('aria-label="Why this film"'):
            title = "Why this film" if user_id is None else f"Why this film, for user {user_id}"
            ui.label(title).classes("panel-title")
            self._box = ui.element("div").props("aria-live=polite")

    def renew(self) -> None:
        """Work out what holds now, in the background."""
        background_tasks.create(self._show(), name=LOADING, context=self._box)

    async def _show(self) -> None:
        """Show what holds now; a skeleton while it is worked out, a sentence where nothing can be said."""
        # One after another, so that a slower answer to an earlier question never stands last.
        async with self._turn:
            self._box.clear()
            with self._box:
                if self._user_id is None:
                    _nobody()
                else:
                    user_id = self._user_id
                    await loaded(
                        lambda: explained(self._services, self._film, user_id),
                        self._present,
                        skeleton=lambda: skeleton_lines(6),
                    )

    def _present(self, found: Explanation | str) -> None:
        if isinstance(found, str):
            ui.label(found).classes("muted")
            return
        with ui.element("div").classes("why-place"):
            ui.label(f"Place {found.place:,}").classes("why-number")
            ui.label(f"of the {found.n_films:,} films you have not rated").classes("muted")
        if not self._services.recommender.aims.is_accuracy_alone:
            ui.label("Counted by fit alone, before the other aims of your lists.").classes("muted small")
        if found.expected is not None:
            _expected(found.expected)
        sentence = reasons_sentence(self._services, found.reasons)
        if sentence:
            ui.label(sentence).classes("why-reason")
        _carried(found)


def explained(services: Services, film: Film, user_id: int) -> Explanation | str:
    """Return why the film stands where it does, or the sentence that says why nothing can be said."""
    history = services.profiles.history(user_id)
    if history is None or not (history.stars >= LIKE).any():
        return (
            f"User {user_id} has not given {LIKE:g} stars or more to any film yet. "
            "With the first such rating, this tells which of them speak for a film."
        )
    if (stars := history.stars_of(film.movie_id)) is not None:
        return f"You gave it {stars_text(stars)}, so it is in no list of films to watch."
    if services.recommender.live is None:
        return "Why is known as soon as the model is trained. It appears here by itself."
    try:
        return services.recommender.explain(user_id, film.movie_id)
    except NotFound:
        return f"The model does not know {film.name} yet, or none of the films you liked, so it has no place."


def verdict(expected: Expected) -> str:
    """Return what the give-or-take means beside that of other films, if it is unusual."""
    return "safe bet" if expected.spread <= SAFE else "gamble" if expected.spread >= GAMBLE else ""


def _nobody() -> None:
    with ui.element("p").classes("muted sentence"):
        ui.link("Say who is watching", "/")
        ui.label("to see where it stands for them, and which of their ratings put it there.")


def _expected(expected: Expected) -> None:
    with ui.element("div").classes("why-expected"):
        ui.label(f"★ {expectation(expected)}")
        if word := verdict(expected):
            tag = ui.label(word).classes(f"why-verdict verdict-{word.split()[0]}")
            tag.props["title"] = (
                f"Two ratings in three lie within {expected.spread:.1f} stars of what is expected."
            )


def _carried(found: Explanation) -> None:
    if not found.carrying:
        ui.label("No single rating of yours carries it: much of it holds for everybody.").classes("muted")
        return
    ui.label("Your ratings that carry it, and the part of your taste’s score that each carries").classes(
        "why-head muted small"
    )
    most = max(one.share for one in found.carrying)
    with ui.element("ul").classes("why-rows"):
        for one in found.carrying:
            _row(found, one, most)


def _row(found: Explanation, one: Carrying, most: float) -> None:
    with ui.element("li").classes("why-row"):
        with ui.element("div").classes("why-film"):
            ui.label(f"★ {one.stars:g}").classes("why-stars").props(f'aria-label="{stars_text(one.stars)}"')
            name = ui.link(one.film.name, film_path(one.film, found.user_id)).classes("why-name")
            name.mark(f"carried-by-{one.film.movie_id}")
            ui.label(f"{100 * one.share:.0f} %").classes("why-share")
        with ui.element("div").classes("strength-track").props("aria-hidden=true"):
            ui.element("div").style(f"width: {100 * one.share / most:.0f}%")
        ui.label(without(found, one)).classes("muted small")


def without(found: Explanation, one: Carrying) -> str:
    """Return where the film would stand without this rating, in words."""
    what = f"Without your {stars_text(one.stars)} for {one.film.name}"
    if one.place_without == found.place:
        return f"{what}: still place {found.place:,}."
    return f"{what}: from place {found.place:,} to {one.place_without:,}."
