"""What is shown of a film wherever it stands: picture, facts, expected stars, reasons."""

from collections.abc import Sequence

from nicegui import ui

from movieapp.serving.lists import Expected, Film, Reason, ReasonKind, Verdict
from movieapp.ui.files import root_path
from movieapp.ui.posters import poster_path
from movieapp.ui.services import Services
from movieapp.ui.viewer import link

VERDICTS = {Verdict.SAFE_BET: "safe bet", Verdict.GAMBLE: "gamble"}


def poster_sources(film: Film) -> tuple[str, str]:
    """Return where a film's picture is, and the drawn one, which is the same if there is no other."""
    drawn = root_path() + poster_path(film)
    return film.poster_url or drawn, drawn


def poster_image(film: Film, *, eager: bool = False) -> ui.element:
    """Show a film's poster; its name stands beside it, so the picture itself has no text.

    Below the one from TMDB lies the drawn one: until that has come, and if it cannot be had.
    """
    image = ui.element("img").classes("poster")
    source, drawn = poster_sources(film)
    image.props.update(
        width=400, height=600, decoding="async", loading="eager" if eager else "lazy", src=source, alt=""
    )
    if film.poster_url:
        image.style(f"background: center / cover url({drawn})")
        image.props["data-drawn"] = drawn
        image.props["onerror"] = "this.onerror = null; this.src = this.dataset.drawn"
    return image


def film_path(film: Film, user_id: int | None = None) -> str:
    """Return the path of a film's page."""
    return link(f"/movies/{film.movie_id}", user=user_id)


def film_link(film: Film, user_id: int | None = None) -> ui.element:
    """Show a link to a film's page. NiceGUI's own gets its address after it was drawn, and is drawn again."""
    link_ = ui.element("a").classes("nicegui-link")
    link_.props["href"] = root_path() + film_path(film, user_id)
    return link_


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


def expectation(expected: Expected) -> str:
    """Return what somebody is expected to give, in words."""
    return f"{expected.stars:.1f} stars expected of you, give or take {expected.spread:.1f}"


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
