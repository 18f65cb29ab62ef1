"""Film cards, and the grid they stand in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nicegui import ui

from movieapp.serving.lists import Answer, Expected, Film, Reason, ReasonKind, Result
from movieapp.ui.posters import poster_path
from movieapp.ui.services import Services
from movieapp.ui.stars import RateControl
from movieapp.ui.viewer import link


@dataclass(frozen=True, slots=True)
class Told:
    """What the scores of a list say: likes in the time `likes_of`, or a match beside the `best` score."""

    best: float
    likes_of: str | None

    def is_match(self, result: Result) -> bool:
        """Whether a film's card compares its score with the best one."""
        is_scored = result.score is not None and result.predicted_rating is None
        return self.likes_of is None and is_scored and self.best > 0


def film_grid(
    services: Services,
    answer: Answer,
    *,
    skip: int = 0,
    user_id: int | None = None,
    on_rated: Callable[[], None] | None = None,
    likes_of: str | None = None,
) -> None:
    """Show an answer's films after the first `skip`, best first. With a user, each card takes a rating, and
    tells the stars expected for a film without one.

    `likes_of` is the time that the scores count likes in, in words; else they tell how well a film matches.
    """
    results = answer.results[skip:]
    best = max((result.score or 0.0 for result in answer.results), default=0.0)
    told = Told(best, likes_of)
    expected = expected_stars(services, user_id, [one.film for one in results if one.expected is None])
    expected |= {one.film.movie_id: one.expected for one in results if one.expected is not None}
    if any(told.is_match(result) for result in results):
        ui.label("Match is relative to the best film of this list.").classes("grid-note")
    with ui.element("ul").classes("grid"):
        for rank, result in enumerate(results, start=1):
            with ui.element("li").classes("card"):
                _card(services, result, user_id, told=told, rank=rank, expected=expected)
                if user_id is not None:
                    request_id = answer.request_id
                    RateControl(services, result.film, user_id, on_change=on_rated, request_id=request_id)


def _card(
    services: Services,
    result: Result,
    user_id: int | None,
    *,
    told: Told,
    rank: int,
    expected: Mapping[int, Expected],
) -> None:
    film = result.film
    with ui.link(target=film_path(film, user_id)).classes("card-link").mark(f"film-{film.movie_id}"):
        with ui.element("div").classes("frame"):
            poster_image(film, eager=rank <= 6)
            if film.movie_id in expected:
                predicted(expected[film.movie_id])
        ui.label(film.name).classes("card-name").props["title"] = film.title
    ui.label(facts(film)).classes("card-facts")
    if told.likes_of is not None:
        likes(result.score or 0.0, told.likes_of)
    elif told.is_match(result):
        strength((result.score or 0.0) / told.best)
    # The number of likes says more than "liked by many".
    sentence = "" if told.likes_of is not None else reasons_sentence(services, result.reasons)
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
    badge = ui.label(f"★ {expected.stars:.1f}").classes("predicted").props("role=img")
    badge.props["aria-label"] = badge.props["title"] = expectation(expected)


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
