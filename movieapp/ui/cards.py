"""Film cards, and the grid they stand in."""

from collections.abc import Callable, Sequence

from nicegui import ui

from movieapp.serving.lists import Answer, Film, Reason, ReasonKind, Result
from movieapp.ui.posters import poster_path
from movieapp.ui.services import Services
from movieapp.ui.stars import RateControl
from movieapp.ui.viewer import link


def film_grid(
    services: Services,
    answer: Answer,
    *,
    skip: int = 0,
    user_id: int | None = None,
    on_rated: Callable[[], None] | None = None,
) -> None:
    """Show an answer's films after the first `skip`, best first. With a user, each card takes a rating."""
    results = answer.results[skip:]
    best = max((result.score or 0.0 for result in results), default=0.0)
    with ui.element("ul").classes("grid"):
        for rank, result in enumerate(results, start=1):
            with ui.element("li").classes("card"):
                _card(services, result, user_id, best=best, rank=rank)
                if user_id is not None:
                    request_id = answer.request_id
                    RateControl(services, result.film, user_id, on_change=on_rated, request_id=request_id)


def _card(
    services: Services,
    result: Result,
    user_id: int | None,
    *,
    best: float,
    rank: int,
) -> None:
    film = result.film
    with ui.link(target=film_path(film, user_id)).classes("card-link").mark(f"film-{film.movie_id}"):
        with ui.element("div").classes("frame"):
            poster_image(film, eager=rank <= 6)
            if result.predicted_rating is not None:
                predicted(result.predicted_rating)
        ui.label(film.name).classes("card-name").props["title"] = film.title
    ui.label(facts(film)).classes("card-facts")
    if result.predicted_rating is None and result.score is not None and best > 0:
        strength(result.score / best)
    sentence = reasons_sentence(services, result.reasons)
    if sentence:
        ui.label(sentence).classes("card-reason")


def poster_image(film: Film, *, eager: bool = False) -> ui.element:
    """Show a film's poster; its name stands beside it, so the picture itself has no text."""
    image = ui.element("img").classes("poster")
    image.props(f"width=400 height=600 decoding=async loading={'eager' if eager else 'lazy'}")
    image.props["src"] = picture_url(film)
    image.props["alt"] = ""
    return image


def picture_url(film: Film) -> str:
    """Return the address of a film's picture. A picture on another server is never asked for."""
    if film.poster_url and film.poster_url.startswith("/") and not film.poster_url.startswith("//"):
        return film.poster_url
    root: str = ui.context.client.request.scope.get("root_path", "")
    return root + poster_path(film)


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


def predicted(stars: float) -> None:
    """Show how many stars the model expects."""
    badge = ui.label(f"★ {stars:.1f}").classes("predicted").props("role=img")
    badge.props["aria-label"] = f"{stars:.1f} stars expected for you"
    badge.props["title"] = f"{stars:.1f} stars expected for you"


def strength(share: float) -> None:
    """Show how a film's score compares with the best of its list."""
    percent = round(100 * min(max(share, 0.0), 1.0))
    with ui.element("div").classes("strength").props("role=img") as bar:
        ui.element("div").style(f"width: {percent}%")
    bar.props["aria-label"] = f"Match: {percent} % of the best in this list"
    bar.props["title"] = bar.props["aria-label"]


def reasons_sentence(services: Services, reasons: Sequence[Reason]) -> str:
    """Return the reasons as one sentence: films first, then genres, then popularity."""

    def values(kind: ReasonKind) -> str:
        return _listed([_readable(services, reason) for reason in reasons if reason.kind is kind][:2])

    parts = []
    if liked := values(ReasonKind.BECAUSE_YOU_LIKED):
        parts.append(f"because you liked {liked}")
    if seeds := values(ReasonKind.SIMILAR_TO):
        parts.append(f"similar to {seeds}")
    if genres := values(ReasonKind.GENRE_MATCH):
        parts.append(f"you like {genres}")
    if not parts and any(reason.kind is ReasonKind.HIGH_POPULARITY for reason in reasons):
        parts.append("liked by many")
    sentence = "; ".join(parts)
    return sentence[:1].upper() + sentence[1:] + "." if sentence else ""


def _readable(services: Services, reason: Reason) -> str:
    film = None if reason.movie_id is None else services.recommender.catalogue.film(reason.movie_id)
    return reason.value if film is None else film.name


def _listed(words: Sequence[str]) -> str:
    unique = list(dict.fromkeys(word for word in words if word))
    return " and ".join([", ".join(unique[:-1]), unique[-1]] if len(unique) > 1 else unique)
