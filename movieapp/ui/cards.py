"""What a card shows of a film: picture, facts, expected stars, reasons."""

from collections.abc import Sequence

from nicegui import ui

from movieapp.serving.lists import Expected, Film, Reason, ReasonKind, Verdict
from movieapp.ui.posters import poster_path
from movieapp.ui.services import Services
from movieapp.ui.viewer import link

VERDICTS = {Verdict.SAFE_BET: "safe bet", Verdict.GAMBLE: "gamble"}


def poster_image(film: Film, *, eager: bool = False) -> ui.element:
    """Show a film's poster; its name stands beside it, so the picture itself has no text.

    Below the one from TMDB lies the drawn one: until that has come, and if it cannot be had.
    """
    image = ui.element("img").classes("poster")
    image.props(f"width=400 height=600 decoding=async loading={'eager' if eager else 'lazy'}")
    drawn = ui.context.client.request.scope.get("root_path", "") + poster_path(film)
    image.props["src"] = film.poster_url or drawn
    image.props["alt"] = ""
    if film.poster_url:
        image.style(f"background: center / cover url({drawn})")
        image.props["data-drawn"] = drawn
        image.props["onerror"] = "this.onerror = null; this.src = this.dataset.drawn"
    return image


def film_path(film: Film, user_id: int | None = None) -> str:
    """Return the path of a film's page."""
    return link(f"/movies/{film.movie_id}", user=user_id)


def facts(film: Film, *, most: int = 3) -> str:
    """Return the year and genres in one line."""
    parts = [str(film.release_year)] if film.release_year is not None else []
    return (
        " · ".join([*parts, ", ".join(film.genres[:most])] if film.genres else parts)
        or "Year and genre unknown"
    )


def expected_stars(services: Services, user_id: int | None, films: Sequence[Film]) -> dict[int, Expected]:
    """Return by id the stars expected of somebody, in one batch; films that they have rated are left out."""
    history = None if user_id is None else services.profiles.history(user_id)
    if user_id is None or history is None:
        return {}
    movie_ids = [film.movie_id for film in films if history.stars_of(film.movie_id) is None]
    found = services.recommender.expected(user_id, movie_ids)
    return {movie_id: one for movie_id, one in zip(movie_ids, found, strict=True) if one is not None}


def predicted(expected: Expected) -> None:
    """Show how many stars the model expects, and how sure it is."""
    verdict = expected.verdict
    words = f"★ {expected.stars:.1f}" + ("" if verdict is None else f" · {VERDICTS[verdict]}")
    badge = ui.label(words).classes("predicted").props("role=img")
    if verdict is not None:
        badge.classes(f"predicted-{verdict}")
    said = expectation(expected) + ("" if verdict is None else f": a {VERDICTS[verdict]}")
    badge.props["aria-label"] = badge.props["title"] = said


def expectation(expected: Expected) -> str:
    """Return what somebody is expected to give, in words."""
    return f"{expected.stars:.1f} stars expected of you, give or take {expected.spread:.1f}"


def strength(share: float) -> None:
    """Show how a film's score compares with the best of its list."""
    percent = round(100 * min(max(share, 0.0), 1.0))
    with ui.element("div").classes("strength").props("role=img") as bar:
        ui.label("Match")
        with ui.element("div").classes("strength-track"):
            ui.element("div").style(f"width: {percent}%")
    bar.props["aria-label"] = f"Match: {percent} % of the best in this list"
    bar.props["title"] = bar.props["aria-label"]


def likes(count: float, time: str) -> None:
    """Show how many people liked a film in some time."""
    label = ui.label(f"{count:,.0f} likes" if count != 1 else "1 like").classes("card-likes")
    label.props["title"] = f"Ratings of 4 stars or more, {time}"


# Said after films and genres, and only while there is room for them.
OTHER_REASONS = {
    ReasonKind.PEOPLE_LIKE_YOU: "people with your taste like it",
    ReasonKind.TRENDING: "liked a lot of late",
    ReasonKind.YOUR_YEARS: "from years you like",
    ReasonKind.YOUR_PEERS: "liked by people like you in age, gender or work",
    ReasonKind.HIGH_POPULARITY: "liked by many",
}


def reasons_sentence(services: Services, reasons: Sequence[Reason]) -> str:
    """Return the reasons as one sentence: films first, then genres, then the others while there is room."""

    def values(kind: ReasonKind) -> str:
        return listed([_readable(services, reason) for reason in reasons if reason.kind is kind][:2])

    parts = []
    if liked := values(ReasonKind.BECAUSE_YOU_LIKED):
        parts.append(f"because you liked {liked}")
    if seeds := values(ReasonKind.SIMILAR_TO):
        parts.append(f"similar to {seeds}")
    if genres := values(ReasonKind.GENRE_MATCH):
        parts.append(f"you like {genres}")
    kinds = [reason.kind for reason in reasons]
    parts += [words for kind, words in OTHER_REASONS.items() if kind in kinds][: max(2 - len(parts), 0)]
    sentence = "; ".join(parts)
    return sentence[:1].upper() + sentence[1:] + "." if sentence else ""


def _readable(services: Services, reason: Reason) -> str:
    film = None if reason.movie_id is None else services.recommender.catalogue.film(reason.movie_id)
    return reason.value if film is None else film.name


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `one, two and three`."""
    unique = list(dict.fromkeys(word for word in words if word))
    return " and ".join([", ".join(unique[:-1]), unique[-1]] if len(unique) > 1 else unique)
