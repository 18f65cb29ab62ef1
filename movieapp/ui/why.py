"""Why a film stands where it does for somebody: its place, the expected stars, the ratings that carry it."""

import asyncio

from nicegui import background_tasks, ui

from movieapp.errors import NotFound
from movieapp.preparation.interactions import LIKE
from movieapp.serving.explanation import Carrying, Explanation
from movieapp.serving.kept import Kept
from movieapp.serving.lists import Expected, Film
from movieapp.ui.actions import HIDE, UNLEARN, Told
from movieapp.ui.cards import VERDICTS, expectation, film_path, reasons_sentence
from movieapp.ui.notices import LOADING, loaded, safely, skeleton_lines
from movieapp.ui.services import Services
from movieapp.ui.stars import stars_text
from movieapp.ui.viewer import Viewer


class WhyCard:
    """The card of one film for who is watching; `renew` fills it, and does so again after a rating."""

    def __init__(self, services: Services, film: Film, who: Viewer) -> None:
        self._services, self._film, self._who = services, film, who
        self._turn = asyncio.Lock()
        with ui.element("section").classes("panel why").props('aria-label="Why this film"'):
            title = "Why this film" if who.user_id is None else f"Why this film, for {who.called}"
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
                if self._who.user_id is None:
                    _nobody()
                else:
                    await loaded(
                        lambda: explained(self._services, self._film, self._who),
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
        self._carried(found)

    def _carried(self, found: Explanation) -> None:
        if not found.carrying:
            ui.label("No single rating of yours carries it: much of it holds for everybody.").classes("muted")
            return
        ui.label("Your ratings that carry it, and the part of your taste’s score that each carries").classes(
            "why-head muted small"
        )
        with ui.element("ul").classes("why-rows"):
            for one in found.carrying:
                with ui.element("li").classes("why-row"):
                    _row(found, one)
                    self._unlearn(found, one)

    def _unlearn(self, found: Explanation, one: Carrying) -> None:
        """Show the button that puts a rating aside: it stays, but nothing rests on it."""
        told = Told(self._services, one.film, found.user_id, self.renew)
        with ui.element("button").classes("why-unlearn").props("type=button") as button:
            ui.label("Do not learn from this")
        button.props["aria-label"] = f"Do not learn from your rating of {one.film.name}"
        button.mark(f"unlearn-{one.film.movie_id}")
        button.on("click", safely(lambda: told.turn(UNLEARN)), args=[])


def explained(services: Services, film: Film, who: Viewer) -> Explanation | str:
    """Return why the film stands where it does, or the sentence that says why nothing can be said."""
    user_id = who.user_id
    assert user_id is not None
    history, taste = services.profiles.history(user_id), services.profiles.for_lists(user_id).taste
    stars = None if history is None else history.stars_of(film.movie_id)
    if taste is None or not (taste.stars >= LIKE).any():
        return (
            f"{who.title} has not given {LIKE:g} stars or more to any film yet. "
            "With the first such rating, this tells which of them speak for a film."
        )
    if stars is not None:
        return f"You gave it {stars_text(stars)}, so it is in no list of films to watch."
    if because := put_aside(services.profiles.kept_of(user_id, film.movie_id)):
        return f"{because}, so it is in no list of films to watch."
    if services.recommender.live is None:
        return "Why is known as soon as the model is trained. It appears here by itself."
    try:
        return services.recommender.explain(user_id, film.movie_id)
    except NotFound:
        return f"The model does not know {film.name} yet, or none of the films you liked, so it has no place."


def verdict(expected: Expected) -> str:
    """Return what the expected stars and their give-or-take mean together, if that is unusual."""
    return "" if expected.verdict is None else VERDICTS[expected.verdict]


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


def put_aside(kept: Kept) -> str:
    """Return why a film without a rating is in no list, in words; nothing if it may be in one."""
    if HIDE.is_on(kept):
        return "You do not want to see it"
    if kept.watches:
        return "You have watched it"
    return "Nothing is to be learned from it" if UNLEARN.is_on(kept) else ""


def _row(found: Explanation, one: Carrying) -> None:
    with ui.element("div").classes("why-film"):
        ui.label(f"★ {one.stars:g}").classes("why-stars").props(f'aria-label="{stars_text(one.stars)}"')
        name = ui.link(one.film.name, film_path(one.film, found.user_id)).classes("why-name")
        name.mark(f"carried-by-{one.film.movie_id}")
        ui.label(f"{100 * one.share:.0f} %").classes("why-share")
    with ui.element("div").classes("strength-track").props("aria-hidden=true"):
        ui.element("div").style(f"width: {100 * one.share:.0f}%")
    ui.label(without(found, one)).classes("muted small")


def without(found: Explanation, one: Carrying) -> str:
    """Return where the film would stand without this rating, in words."""
    what = f"Without your {stars_text(one.stars)} for {one.film.name}"
    if one.place_without == found.place:
        return f"{what}: still place {found.place:,}."
    return f"{what}: from place {found.place:,} to {one.place_without:,}."
