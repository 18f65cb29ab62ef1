"""Films as a grid of cards, brought up to date card by card."""

from collections.abc import Callable, Sequence

from nicegui import ui

from movieapp.serving.lists import Answer, Expected, Film, Result
from movieapp.ui.cards import expected_stars, reasons_sentence
from movieapp.ui.film_card import FilmCard, likes_words, match_words
from movieapp.ui.services import Services

# Pictures that are seen without scrolling.
EAGER = 6


class FilmGrid:
    """Films as cards, best first. With a user, each card takes a rating and all else that can be told of a
    film, and tells the stars expected for a film without a rating.

    `settled` is called when something was told of a film, or undone: the list is another one then.
    `likes_of` is the time that the scores count likes in, in words; else they tell how well a film matches.
    `place` is the list that the cards go into, a new one if it is left out.
    """

    def __init__(
        self,
        services: Services,
        *,
        user_id: int | None = None,
        settled: Callable[[], object] | None = None,
        likes_of: str | None = None,
        place: ui.element | None = None,
    ) -> None:
        self._services, self._user_id = services, user_id
        self._settled, self._likes_of = settled, likes_of
        self._note: ui.label | None = None
        if place is None:
            self._note = ui.label("Match is relative to the best film of this list.").classes("grid-note")
        self._list = ui.element("ul").classes("grid") if place is None else place
        self._cards: dict[int, FilmCard] = {}

    def show(self, answer: Answer, *, skip: int = 0) -> None:
        """Show an answer's films after the first `skip`; of cards that stay only what changed is sent."""
        results = answer.results[skip:]
        best = max((one.score or 0.0 for one in answer.results), default=0.0)
        expected = self._expected(results)
        stay = {result.film.movie_id for result in results}
        for movie_id in self._cards.keys() - stay:
            self._cards.pop(movie_id).delete()
        for place, result in enumerate(results):
            movie_id = result.film.movie_id
            if movie_id not in self._cards:
                self._cards[movie_id] = self._card(result.film, place)
            card = self._cards[movie_id]
            if self._list.default_slot.children[place] is not card:
                card.move(target_index=place)
            if self._user_id is not None:
                card.tell_own()
            self._tell(card, result, best, expected.get(movie_id), answer.request_id)
        if self._note is not None:
            self._note.set_visibility(any(self._is_match(result, best) for result in results))

    def _card(self, film: Film, place: int) -> FilmCard:
        with self._list:
            return FilmCard(
                self._services, film, user_id=self._user_id, is_eager=place < EAGER, settled=self._settled
            )

    def _tell(
        self, card: FilmCard, result: Result, best: float, expected: Expected | None, request_id: str
    ) -> None:
        score, time = result.score or 0.0, self._likes_of
        card.tell_list(
            expected=expected,
            likes=None if time is None else likes_words(score, time),
            match=match_words(score / best) if self._is_match(result, best) else None,
            # The number of likes says more than "liked by many".
            reason="" if time is not None else reasons_sentence(self._services, result.reasons),
            request_id=request_id,
        )

    def _is_match(self, result: Result, best: float) -> bool:
        """Whether a film's card compares its score with the best one."""
        is_scored = result.score is not None and result.predicted_rating is None
        return self._likes_of is None and is_scored and best > 0

    def _expected(self, results: Sequence[Result]) -> dict[int, Expected]:
        unsaid = [one.film for one in results if one.expected is None]
        said = {one.film.movie_id: one.expected for one in results if one.expected is not None}
        return expected_stars(self._services, self._user_id, unsaid) | said


def film_grid(
    services: Services,
    answer: Answer,
    *,
    user_id: int | None = None,
    settled: Callable[[], object] | None = None,
    likes_of: str | None = None,
) -> None:
    """Show an answer in a grid that stays as it is."""
    FilmGrid(services, user_id=user_id, settled=settled, likes_of=likes_of).show(answer)


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

    grid = FilmGrid(services, user_id=user_id, settled=renew, likes_of=likes_of)
    grid.show(answer)
