"""A film's card in a list."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from movieapp.serving.feedback import Event, EventType
from movieapp.serving.lists import Expected, Film
from movieapp.ui.actions import HIDE, WATCHLIST, Told, open_menu
from movieapp.ui.cards import VERDICTS, expectation, facts, film_path, poster_sources
from movieapp.ui.files import root_path
from movieapp.ui.notices import safely
from movieapp.ui.services import Services
from movieapp.ui.stars import stars_text
from movieapp.ui.telling import Foreseen, said

# What stands beside the menu of a film.
QUICK = (WATCHLIST, HIDE)


class FilmCard(ui.element, component="assets/film_card.js"):
    """One element of the page, which the browser draws by what it is given: that keeps long lists quick.

    With a user it takes a rating and all else that can be told of the film; `settled` is called then, and
    when that was undone. Under an eyebrow, words that say what it is, it is drawn larger than the others.
    """

    def __init__(
        self,
        services: Services,
        film: Film,
        *,
        user_id: int | None,
        is_eager: bool,
        eyebrow: str | None = None,
        settled: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self.film = film
        self._services, self._user_id, self._settled = services, user_id, settled
        self._request_id: str | None = None
        self._foreseen: Foreseen | None = None
        poster, drawn = poster_sources(film)
        self.classes("top" if eyebrow else "card").mark(f"film-{film.movie_id}")
        self.props.update(
            film=film.movie_id,
            name=film.name,
            title=film.title,
            href=root_path() + film_path(film, user_id),
            poster=poster,
            drawn=drawn,
            isEager=is_eager,
            eyebrow=eyebrow,
            facts=facts(film, most=5 if eyebrow else 3),
            turn=0,
        )
        if user_id is not None:
            self.mark(*(f"{what}-{film.movie_id}" for what in ("film", "rate", "tell")))
            self.on("pointed", safely(self._point))
            self.on("rated", safely(self._rate))
            self.on("did", safely(self._do))
            self.tell_own()

    def tell_list(
        self,
        *,
        expected: Expected | None,
        likes: dict[str, object] | None,
        match: dict[str, object] | None,
        reason: str,
        request_id: str,
    ) -> None:
        """Say of the film what the list does that it stands in now."""
        self._request_id = request_id
        in_words = expected_sentence if self.props["eyebrow"] else expected_words
        self._put(
            expected=None if expected is None else in_words(expected),
            likes=likes,
            match=match,
            reason=reason,
        )

    def tell_place(self, *, is_first: bool) -> None:
        """Say whether Tab stops here; arrow keys reach the others of a row."""
        self._put(tab=0 if is_first else -1)

    def tell_own(self) -> None:
        """Say what somebody told of the film."""
        told = self._told
        name = self.film.name
        tools: list[dict[str, object]] = [
            {"does": "menu", "drawing": "more", "text": f"What to do with {name}", "isOn": None}
        ]
        for one in QUICK:
            text, is_on = f"{one.text}: {name}", one.is_on(told.kept)
            tools.append({"does": one.key, "drawing": one.drawing, "text": text, "isOn": is_on})
        self._put(rating=self._rating, tools=tools)

    @property
    def _told(self) -> Told:
        assert self._user_id is not None
        return Told(self._services, self.film, self._user_id, self._changed, self._request_id)

    @property
    def _rating(self) -> float | None:
        assert self._user_id is not None
        history = self._services.profiles.history(self._user_id)
        return None if history is None else history.stars_of(self.film.movie_id)

    def _changed(self) -> None:
        if not self.is_deleted:
            self.tell_own()
        if self._settled is not None:
            self._settled()

    def _point(self, event: Any) -> None:
        """Work out what the stars under the pointer would change; those that come meanwhile are let go."""
        stars, last = float(event.args), self._foreseen
        if last is not None and (not last.scored.done() or self._holds(last, stars)):
            return
        if stars != self._rating:
            assert self._user_id is not None
            self._foreseen = Foreseen.of(self._services, self._user_id, self.film, stars)

    def _holds(self, foreseen: Foreseen | None, stars: float) -> bool:
        assert self._user_id is not None
        return foreseen is not None and foreseen.holds(self._services, self._user_id, stars)

    async def _rate(self, event: Any) -> None:
        try:
            stars = float(event.args)
            if stars == self._rating:
                # The browser may show others, chosen by arrow keys.
                self._put(turn=self.props["turn"] + 1)
                return said(f"{self.film.name}: still {stars_text(stars)}.")
            sentence = f"{self.film.name}: {stars_text(stars)} saved."
            foreseen = self._foreseen if self._holds(self._foreseen, stars) else None
            await self._told.tell(Event(EventType.RATING, stars), sentence, foreseen=foreseen)
        except Exception:
            # The browser shows what was chosen already: it has to draw the stars anew.
            self._put(turn=self.props["turn"] + 1)
            raise

    async def _do(self, event: Any) -> None:
        does = {"menu": partial(open_menu, self._told)} | {
            one.key: partial(self._told.turn, one) for one in QUICK
        }
        done = does[event.args]()
        if done is not None:
            await done

    def _put(self, **values: object) -> None:
        """Change what is another thing now: what stays is not sent again."""
        changed = {name: value for name, value in values.items() if self.props.get(name) != value}
        if changed:
            self.props.update(changed)

    def _displayed_contents(self, *, only_visible: bool) -> list[Any]:
        """Return what is read on the card, where a text is looked for on a page."""
        parts = [self.props.get(name) or {} for name in ("expected", "likes", "match")]
        words = [part.get(key) for part in parts for key in ("words", "said", "verdict")]
        return [*(self.props.get(name) for name in ("eyebrow", "name", "facts", "reason")), *words]


def expected_words(expected: Expected) -> dict[str, object]:
    """Return how many stars the model expects, and how sure it is, as the card takes it."""
    verdict = expected.verdict
    words = "" if verdict is None else VERDICTS[verdict]
    return {
        "words": f"★ {expected.stars:.1f}" + (f" · {words}" if words else ""),
        "said": expectation(expected) + (f": a {words}" if words else ""),
        "kind": f"predicted-{verdict}" if words else "",
    }


def expected_sentence(expected: Expected) -> dict[str, object]:
    """Return the same where there is room for a sentence."""
    verdict = expected.verdict
    words = {} if verdict is None else {"verdict": VERDICTS[verdict], "kind": f"verdict-{verdict}"}
    return {"said": expectation(expected), **words}


def likes_words(count: float, time: str) -> dict[str, object]:
    """Return how many people liked a film in some time, as the card takes it."""
    words = f"{count:,.0f} likes" if count != 1 else "1 like"
    return {"words": words, "said": f"Ratings of 4 stars or more, {time}"}


def match_words(share: float) -> dict[str, object]:
    """Return how a film's score compares with the best of its list, as the card takes it."""
    percent = round(100 * min(max(share, 0.0), 1.0))
    return {"percent": percent, "said": f"Match: {percent} % of the best in this list"}
