"""Films as a grid of cards, brought up to date card by card."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nicegui import ui

from movieapp.serving.lists import Answer, Expected, Film, Result
from movieapp.ui.actions import card_tools
from movieapp.ui.cards import (
    expected_stars,
    facts,
    film_path,
    likes,
    poster_image,
    predicted,
    reasons_sentence,
    strength,
)
from movieapp.ui.services import Services
from movieapp.ui.stars import RateControl


@dataclass(frozen=True, slots=True)
class Told:
    """What the scores of a list say: likes in the time `likes_of`, or a match beside the `best` score."""

    best: float
    likes_of: str | None

    def is_match(self, result: Result) -> bool:
        """Whether a film's card compares its score with the best one."""
        is_scored = result.score is not None and result.predicted_rating is None
        return self.likes_of is None and is_scored and self.best > 0

    def of(self, result: Result) -> tuple[str | None, float | None]:
        """Return all that the scores say of a film."""
        if self.likes_of is not None:
            return self.likes_of, result.score
        return None, round((result.score or 0.0) / self.best, 2) if self.is_match(result) else None


class FilmGrid:
    """Films as cards, best first. With a user, each card takes a rating and all else that can be told of a
    film, and tells the stars expected for a film without a rating.

    `on_rated` is called when something was told of a film, or undone: the list is another one then.
    `likes_of` is the time that the scores count likes in, in words; else they tell how well a film matches.
    `place` is the list that the cards go into, a new one if it is left out.
    """

    def __init__(
        self,
        services: Services,
        *,
        user_id: int | None = None,
        on_rated: Callable[[], object] | None = None,
        likes_of: str | None = None,
        place: ui.element | None = None,
    ) -> None:
        self._services, self._user_id = services, user_id
        self._on_rated, self._likes_of = on_rated, likes_of
        self._note: ui.label | None = None
        if place is None:
            self._note = ui.label("Match is relative to the best film of this list.").classes("grid-note")
        self._list = ui.element("ul").classes("grid") if place is None else place
        self._cards: dict[int, tuple[object, ui.element]] = {}

    def show(self, answer: Answer, *, skip: int = 0) -> None:
        """Show an answer's films after the first `skip`; cards that say what they said stay as they are."""
        results = answer.results[skip:]
        told = Told(max((one.score or 0.0 for one in answer.results), default=0.0), self._likes_of)
        expected = self._expected(results)
        before, self._cards = self._cards, {}
        for place, result in enumerate(results):
            movie_id = result.film.movie_id
            says = told.of(result), expected.get(movie_id), result.reasons, self._own(movie_id)
            old_says, card = before.pop(movie_id, (None, None))
            if card is None or old_says != says:
                if card is not None:
                    card.delete()
                with self._list:
                    card = self._card(answer, result, told, place, expected)
            if self._list.default_slot.children[place] is not card:
                card.move(target_index=place)
            self._cards[movie_id] = says, card
        for _, card in before.values():
            card.delete()
        if self._note is not None:
            self._note.set_visibility(any(told.is_match(result) for result in results))

    def _own(self, movie_id: int) -> object:
        """Return what the person told of a film, which its card shows."""
        if self._user_id is None:
            return None
        profiles = self._services.profiles
        history = profiles.history(self._user_id)
        stars = None if history is None else history.stars_of(movie_id)
        return stars, profiles.kept_of(self._user_id, movie_id)

    def _expected(self, results: Sequence[Result]) -> dict[int, Expected]:
        unsaid = [one.film for one in results if one.expected is None]
        said = {one.film.movie_id: one.expected for one in results if one.expected is not None}
        return expected_stars(self._services, self._user_id, unsaid) | said

    def _card(
        self, answer: Answer, result: Result, told: Told, place: int, expected: Mapping[int, Expected]
    ) -> ui.element:
        services, user_id, film = self._services, self._user_id, result.film
        with ui.element("li").classes("card").props(f"data-film={film.movie_id}") as card:
            _card(services, result, user_id, told=told, rank=place + 1, expected=expected)
            if user_id is not None:
                own_part(services, film, user_id, self._on_rated, request_id=answer.request_id)
        return card


def film_grid(
    services: Services,
    answer: Answer,
    *,
    user_id: int | None = None,
    on_rated: Callable[[], object] | None = None,
    likes_of: str | None = None,
) -> None:
    """Show an answer in a grid that stays as it is."""
    FilmGrid(services, user_id=user_id, on_rated=on_rated, likes_of=likes_of).show(answer)


def living_grid(
    services: Services,
    answer: Answer,
    *,
    ask: Callable[[], Answer],
    otherwise: Callable[[], object],
    user_id: int | None,
    likes_of: str | None = None,
) -> None:
    """Show an answer in a grid that asks for the list again when something was told of a film.

    `otherwise` is called in place of that where the cards are not all that changes.
    """

    def renew() -> None:
        new = ask()
        if new.results and new.notice == answer.notice:
            grid.show(new)
        else:
            otherwise()

    grid = FilmGrid(services, user_id=user_id, on_rated=renew, likes_of=likes_of)
    grid.show(answer)


def own_part(
    services: Services,
    film: Film,
    user_id: int,
    on_rated: Callable[[], object] | None,
    *,
    request_id: str | None,
    size: str = "small",
) -> None:
    """Show on a card what somebody can tell of its film; `on_rated` as in `FilmGrid`."""
    settled = on_rated or (lambda: None)
    with ui.element("div").classes("card-foot"):
        RateControl(services, film, user_id, on_change=settled, size=size, request_id=request_id)
        card_tools(services, film, user_id, settled=settled, request_id=request_id)


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
