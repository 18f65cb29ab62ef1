"""A film's card for several people: what each is expected to think of it, and for whom it is a gamble."""

from collections.abc import Callable

from nicegui import ui

from movieapp.serving.company import Scale, Suits
from movieapp.serving.lists import Expected, Result, Verdict
from movieapp.serving.together import Together
from movieapp.ui.cards import facts, film_path, listed, poster_image
from movieapp.ui.services import Services
from movieapp.ui.stars import stars_text
from movieapp.ui.viewer import Viewer, avatar, viewer_of


def together_card(
    services: Services,
    result: Result,
    suits: tuple[Suits, ...],
    found: Together,
    *,
    is_first: bool,
) -> None:
    """Show a film of a list for several people; `is_first` for one that is seen at once.

    Shares of films that suit nobody better would all read 100 %: each person's place is told instead.
    """
    film = result.film
    with ui.link(target=film_path(film)).classes("card-link").mark(f"film-{film.movie_id}"):
        with ui.element("div").classes("frame"):
            poster_image(film, eager=is_first)
            if result.score is not None and found.scale is Scale.STARS:
                badge = ui.label(f"★ {result.score:.1f}").classes("predicted").props("role=img")
                badge.props["aria-label"] = f"For all of you together: ★ {result.score:.1f}"
                badge.props["title"] = badge.props["aria-label"]
        ui.label(film.name).classes("card-name").props["title"] = film.title
    ui.label(facts(film)).classes("card-facts")
    if suits:
        with ui.element("ul").classes("suits"):
            for one in suits:
                _suits(viewer_of(services, one.user_id), one, found)
    if sentence := risk(suits, lambda user_id: viewer_of(services, user_id).called):
        ui.label(sentence).classes("card-reason")


def risk(suits: tuple[Suits, ...], called: Callable[[int], str]) -> str:
    """Say for whom a film is a gamble and for whom a safe bet; nothing where neither stands out."""
    words: dict[str, list[str]] = {"gamble": [], "safe bet": []}
    for one in suits:
        verdict = None if one.spread is None else Expected(one.value, one.spread).verdict
        if verdict is not None:
            words["gamble" if verdict is Verdict.GAMBLE else "safe bet"].append(called(one.user_id))
    for word, names in words.items():
        if len(names) == len(suits) > 1:
            return f"A {word} for all of you."
    parts = [f"a {word} for {listed(names)}" for word, names in words.items() if names]
    sentence = "; ".join(parts)
    return sentence[:1].upper() + sentence[1:] + "." if sentence else ""


def _suits(who: Viewer, one: Suits, found: Together) -> None:
    with ui.element("li").classes("suit") as row:
        avatar(who)
        ui.label(who.title).classes("suit-name").props("aria-hidden=true")
        value, told = told_of(who.title, one, found)
        ui.label(value).classes("suit-value").props("aria-hidden=true")
        ui.label(told).classes("unseen")
    row.props["title"] = told


def told_of(name: str, one: Suits, found: Together) -> tuple[str, str]:
    """Return what somebody thinks or thought of a film, in short and in words."""
    if one.given is not None:
        return f"gave ★ {one.given:g}", f"{name} gave {stars_text(one.given)}"
    if found.scale is Scale.PERCENTILE:
        place = f"{found.place(one):,}"
        return f"no. {place}", f"{name}: place {place} among {found.n_known:,} films"
    value = f"★ {one.value:.1f}"
    if one.spread is None:
        return value, f"{name}: {one.value:.1f} stars expected"
    told = f"{name}: {one.value:.1f} stars expected, give or take {one.spread:.1f}"
    return f"{value} ± {one.spread:.1f}", told
