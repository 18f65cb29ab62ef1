"""The rating control: ten half stars, worked by mouse, finger, keyboard and screen reader alike."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from movieapp.serving.feedback import Event, EventType
from movieapp.serving.lists import Film
from movieapp.ui.notices import safely
from movieapp.ui.services import Services
from movieapp.ui.telling import said, tell


class RateControl:
    """A user's stars for a film; a choice is saved once it is made, and "Remove" takes it back.

    `settled` is called after either, and after its undoing. `request_id` is of the list that the film
    stands in, where it does.
    """

    def __init__(
        self,
        services: Services,
        film: Film,
        user_id: int,
        *,
        settled: Callable[[], object] | None = None,
        size: str = "small",
        request_id: str | None = None,
    ) -> None:
        self._services = services
        self._film = film
        self._user_id = user_id
        self._on_settled = settled
        self._request_id = request_id
        self._box = ui.element("div").classes(f"rate rate-{size}")
        with self._box:
            self._stars = (
                ui.html(sanitize=False, tag="fieldset").classes("stars").mark(f"rate-{film.movie_id}")
            )
            self._stars.props["aria-label"] = f"Your rating of {film.name}"
            self._stars.props["aria-description"] = "Enter saves what the arrow keys choose"
            # The script sends this once: at a click, or when what the arrow keys chose is confirmed or left.
            self._stars.on("rated", safely(self._rate), js_handler="(e) => emit(e.detail)")
            with ui.element("button").classes("unrate").props("type=button") as remove:
                ui.label("Remove")
            remove.props["aria-label"] = f"Remove your rating of {film.name}"
            remove.mark(f"unrate-{film.movie_id}").on("click", safely(self._unrate), args=[])
        self._show()

    def _now(self) -> float | None:
        history = self._services.profiles.history(self._user_id)
        return None if history is None else history.stars_of(self._film.movie_id)

    def _show(self) -> None:
        """Show what is saved."""
        # A film can stand on a page more than once: a label belongs to the first input with its id.
        self._stars.set_content(stars_html(self._now(), key=f"s{self._stars.id}"))
        self._mark()

    def _mark(self) -> None:
        is_rated = self._now() is not None
        self._box.classes(add="is-rated" if is_rated else None, remove=None if is_rated else "is-rated")

    async def _rate(self, event: Any) -> None:
        try:
            stars = float(event.args)
            if stars == self._now():
                return said(f"{self._film.name}: still {stars_text(stars)}.")
            rating = Event(EventType.RATING, stars)
            await self._tell(rating, f"{self._film.name}: {stars_text(stars)} saved.", chosen=stars)
        except Exception:
            self._show()
            raise

    async def _unrate(self) -> None:
        try:
            await self._tell(Event(EventType.RATING_REMOVED), f"{self._film.name}: rating removed.")
        except Exception:
            self._show()
            raise

    async def _tell(self, event: Event, sentence: str, *, chosen: float | None = None) -> None:
        def settled() -> None:
            if not self._box.is_deleted:
                # What was chosen the browser shows already; drawing it again would take the keyboard's place.
                if chosen is not None and self._now() == chosen:
                    self._mark()
                else:
                    self._show()
            if self._on_settled:
                self._on_settled()

        await tell(
            self._services,
            self._user_id,
            self._film,
            event,
            sentence,
            request_id=self._request_id,
            settled=settled,
        )


def stars_html(value: float | None, *, key: str) -> str:
    """Return the ten radio buttons of a rating, whose names on the page begin with `key`."""
    parts = []
    for half in range(1, 11):
        stars, side = half / 2, "left" if half % 2 else "right"
        checked = " checked" if value == stars else ""
        parts.append(
            f'<input type="radio" name="{key}" id="{key}-{half}" value="{stars}"{checked}'
            f' aria-label="{stars_text(stars)}">'
            f'<label for="{key}-{half}" class="{side}" title="{stars_text(stars)}"></label>'
        )
    return "".join(parts)


def stars_text(value: float) -> str:
    """Return a rating as words: `3.5 stars`."""
    return f"{value:g} star" if value == 1 else f"{value:g} stars"


def show_stars(value: float, *, label: str = "") -> None:
    """Show stars that cannot be changed."""
    meter = ui.element("span").classes("meter").style(f"--share: {value / 5:.3f}").props("role=img")
    meter.props["aria-label"] = label or stars_text(round(value, 1))
