"""Tonight's pick: the first film of somebody's list, larger than the others."""

from collections.abc import Callable

from nicegui import ui

from movieapp.serving.lists import Result
from movieapp.ui.cards import reasons_sentence
from movieapp.ui.film_card import FilmCard
from movieapp.ui.services import Services


class Pick:
    """The place of the film; `settled` is called when something was told of it, or undone."""

    def __init__(self, services: Services, user_id: int, settled: Callable[[], object]) -> None:
        self._services, self._user_id, self._settled = services, user_id, settled
        self._place = ui.element("div").mark("pick")
        self._card: FilmCard | None = None

    def show(self, result: Result | None, *, request_id: str) -> None:
        """Show the film with the reasons for it, or none; of one that stays only what changed is sent."""
        if self._card is not None and (result is None or result.film != self._card.film):
            self._card.delete()
            self._card = None
        if result is None:
            return
        if self._card is None:
            with self._place:
                self._card = FilmCard(
                    self._services,
                    result.film,
                    user_id=self._user_id,
                    is_eager=True,
                    eyebrow="Tonight's pick",
                    settled=self._settled,
                )
        self._card.tell_own()
        self._card.tell_list(
            expected=result.expected,
            likes=None,
            match=None,
            reason=reasons_sentence(self._services, result.reasons),
            request_id=request_id,
        )
