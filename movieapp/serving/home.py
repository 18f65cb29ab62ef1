"""Somebody's first page: rows of films, each for a reason, all from one scoring of the person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

import numpy as np
from numpy.typing import NDArray

from movieapp.models.rerank import ListAims
from movieapp.preparation.interactions import LIKE
from movieapp.serving import reasons
from movieapp.serving.catalogue import Mask
from movieapp.serving.lists import Answer, Expected, Film, Reason, ReasonKind, Result, Window
from movieapp.serving.live import Live, Scored
from movieapp.serving.people import ForLists
from movieapp.serving.profiles import History
from movieapp.serving.ranking import State, favourite_genres, personal_list

# Liked films that have a row of their own each; every day others are drawn.
N_SEEDS = 3
# So many drawn films may turn out to have too few others like them.
MOST_DRAWN = 12
# A row is the best for the person of this many times its length of films nearest to the liked one.
NEAREST = 3
# Hidden gems are chosen among this many times as many films.
GEMS = 5
# Two liked films with a higher cosine would have the same neighbours.
ALIKE = 0.7
# A row of fewer films is none.
LEAST = 4
# A genre is rarely watched when it is at most this part of somebody's ratings as of everybody's likes. One of
# the rarest has a row, every day another; a genre with too small a part of the likes is nobody's.
RARE, N_RARE, LEAST_SHARE = 0.8, 3, 0.01

Rows = NDArray[np.int64]


class RowKind(StrEnum):
    """Why the films of a row stand together."""

    FOR_YOU = "for_you"
    BECAUSE_YOU_LIKED = "because_you_liked"
    POPULAR = "popular"
    HIDDEN_GEMS = "hidden_gems"
    WATCHLIST = "watchlist"
    SOMETHING_ELSE = "something_else"


@dataclass(frozen=True, slots=True)
class Row:
    """Films with the reason that they share, as a title and a sentence.

    `seed` is the liked film, `genre` the genre and `window` the time that the row goes by, if it does.
    """

    kind: RowKind
    title: str
    why: str
    results: tuple[Result, ...] = ()
    seed: Film | None = None
    genre: str | None = None
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class RowsOfFilms:
    """The rows, no film twice, and whether the model's scores of the person made them."""

    rows: tuple[Row, ...]
    is_personal: bool

    @property
    def results(self) -> tuple[Result, ...]:
        """All films, row by row."""
        return tuple(result for row in self.rows for result in row.results)


@dataclass(frozen=True, slots=True)
class Home:
    """Somebody's first page; the answer has the films of all rows, and is in the log."""

    answer: Answer
    rows: tuple[Row, ...]


# "Popular now" looks back further where too little was liked; time ends with the release.
POPULAR = {
    Window.MONTH: Row(
        RowKind.POPULAR,
        "Popular now",
        "What most people liked in the last month of the release.",
        window=Window.MONTH,
    ),
    Window.YEAR: Row(
        RowKind.POPULAR,
        "Popular in the last year",
        "What most people liked in the last year of the release.",
        window=Window.YEAR,
    ),
    Window.ALL: Row(RowKind.POPULAR, "Popular of all time", "What most people like.", window=Window.ALL),
}


def home_rows(
    state: State,
    user_id: int,
    person: ForLists,
    watchlist: Sequence[int],
    allowed: Mask,
    *,
    k: int,
    day: date,
    aims: ListAims,
) -> RowsOfFilms:
    """Return rows of at most k films, the same on the same day.

    `allowed` (films,) bool says which films may be shown. Those of the `watchlist` (movie ids) stand in no
    other row. Popular films alone, where the model knows nothing of the person.
    """
    live, taste = state.live, person.taste
    page = _Page(state, allowed, watchlist, k)
    scored = None if live is None or taste is None else live.score(user_id, taste)
    if live is None or taste is None or scored is None:
        now, *longer = [page.popular([window]) for window in POPULAR]
        return RowsOfFilms(page.described([now, page.watchlist(), *longer], taste, None), is_personal=False)
    kept = live.kept_head(user_id, taste)
    listed = personal_list(state, user_id, taste, page.open, k, aims=aims, kept=kept, scored=scored)
    page.begin(live, scored, listed.results)
    because = page.because(live, taste, np.random.default_rng([user_id, day.toordinal()]))
    chosen = [
        *because[:1],
        page.popular(list(POPULAR)),
        page.hidden_gems(partial(live.expected, user_id, taste)),
        page.watchlist(),
        *because[1:2],
        page.something_else(person.history or taste, day),
        *because[2:],
    ]
    rows = np.concatenate([rows for _, rows in filter(None, chosen)] or [np.empty(0, np.int64)])
    expected = dict(zip(rows.tolist(), live.expected(user_id, taste, rows), strict=True))
    first = Row(RowKind.FOR_YOU, "For you", "Films you have not rated yet, the best first.", listed.results)
    return RowsOfFilms((first, *page.described(chosen, taste, expected)), is_personal=True)


class _Page:
    """The films that are free yet, and the person's scores, both by catalogue row."""

    def __init__(self, state: State, allowed: Mask, watchlist: Sequence[int], k: int) -> None:
        self.state, self.k = state, k
        listed = [row for one in watchlist if (row := state.catalogue.row(one)) is not None]
        self.listed = np.array([row for row in listed if allowed[row]], np.int64)
        self.open = allowed.copy()
        self.open[self.listed] = False
        self.scores = np.full(len(allowed), -np.inf, np.float32)

    def begin(self, live: Live, scored: Scored, first: tuple[Result, ...]) -> None:
        """Take the person's scores, and the films of the first row."""
        self.scores[live.rows] = scored.explained.scores
        movie_ids = [result.film.movie_id for result in first]
        self.open[np.searchsorted(self.state.catalogue.movie_ids, movie_ids)] = False

    def watchlist(self) -> tuple[Row, Rows] | None:
        """Return what the person wants to watch, the best first; what the model does not know by likes."""
        likes = self.state.catalogue.likes[Window.ALL][self.listed]
        order = np.lexsort((-likes, -self.scores[self.listed]))
        why = "What you put there, the best for you first."
        row = Row(RowKind.WATCHLIST, "From your watchlist, ranked", why)
        return self._taken(row, self.listed[order], least=1)

    def popular(self, windows: Sequence[Window]) -> tuple[Row, Rows] | None:
        """Return what most people like in the first of these times in which enough was liked."""
        for window in windows:
            order = self.state.catalogue.by_likes[window]
            rows = order[self.open[order] & (self.state.catalogue.likes[window][order] > 0)]
            if found := self._taken(POPULAR[window], rows):
                return found
        return None

    def hidden_gems(self, expect: Callable[[Rows], list[Expected | None]]) -> tuple[Row, Rows] | None:
        """Return the best of the half of the known films that fewest people like.

        Of those with the highest scores the ones with the most expected stars, where these are known: few
        ratings move the score by what is new in them as well, and a gem is what somebody will like.
        """
        likes, known = self.state.catalogue.likes[Window.ALL], np.isfinite(self.scores)
        few = float(np.median(likes[known])) if known.any() else 0.0
        people = f"{few:,.0f} people" if few != 1 else "one person"
        why = f"Liked by {people} at most, and likely by you."
        free = np.flatnonzero(self.open & (likes <= few) & known)
        best = self._best_first(free)[: GEMS * self.k]
        stars = np.array([0.0 if one is None else one.stars for one in expect(best)])
        order = np.argsort(-stars, kind="stable")
        return self._taken(Row(RowKind.HIDDEN_GEMS, "Hidden gems", why), best[order])

    def because(self, live: Live, taste: History, draw: np.random.Generator) -> list[tuple[Row, Rows]]:
        """Return a row for each of some drawn films that the person likes, which are unlike each other.

        Drawn without replacement, more stars being more likely (Efraimidis and Spirakis, 2006).
        """
        liked = taste.stars >= LIKE
        columns = live.columns[np.searchsorted(self.state.catalogue.movie_ids, taste.movie_ids[liked])]
        luck = draw.random(len(columns)) ** (1 / (taste.stars[liked] - LIKE + 0.5))
        left = columns[np.argsort(-luck, kind="stable")]
        left = left[left >= 0][: MOST_DRAWN * N_SEEDS]
        vectors = live.bundle.neighbours.vectors
        found: list[tuple[Row, Rows]] = []
        taken: list[int] = []
        while len(left) and len(found) < N_SEEDS and len(taken) < MOST_DRAWN:
            alike = (vectors[left] @ vectors[taken].T).max(axis=1, initial=-1.0)
            place = int(np.argmax(alike < ALIKE))
            taken.append(int(left[place]))
            left = np.delete(left, place)
            if row := self._like(live, taken[-1]):
                found.append(row)
        return found

    def something_else(self, history: History, day: date) -> tuple[Row, Rows] | None:
        """Return the best of a genre that the person watches less than others do."""
        catalogue, everybodys = self.state.catalogue, self.state.genre_shares
        rated = catalogue.genre_flags[np.searchsorted(catalogue.movie_ids, history.movie_ids)].sum(axis=0)
        lift = rated / (len(history) * np.maximum(everybodys, 1e-9))
        free = self.open & np.isfinite(self.scores)
        n_free = (free[:, None] & catalogue.genre_flags).sum(axis=0)
        rare = np.flatnonzero((lift <= RARE) & (everybodys >= LEAST_SHARE) & (n_free >= LEAST))
        if len(rare) == 0:
            return None
        rarest = rare[np.argsort(lift[rare], kind="stable")][:N_RARE]
        column = int(rarest[day.toordinal() % len(rarest)])
        genre = catalogue.genres[column]
        row = Row(
            RowKind.SOMETHING_ELSE,
            f"Something else: {genre}",
            f"{_of_ratings(int(rated[column]), len(history))} of this genre, which is less than of others’. "
            "These are the best of it for you.",
            genre=genre,
        )
        return self._taken(row, self._best_first(np.flatnonzero(free & catalogue.genre_flags[:, column])))

    def described(
        self,
        chosen: Sequence[tuple[Row, Rows] | None],
        taste: History | None,
        expected: dict[int, Expected | None] | None,
    ) -> tuple[Row, ...]:
        """Return the rows with their films, each with its score, expected stars and what is true of it."""
        films = self.state.catalogue.films
        likes = [Reason(ReasonKind.GENRE_MATCH, genre) for genre in favourite_genres(self.state, taste)]
        described = []
        for row, places in filter(None, chosen):
            results = [
                Result(
                    films[place],
                    float(self.scores[place]) if np.isfinite(self.scores[place]) else None,
                    None if expected is None else expected[place],
                    self._reasons(row, place, likes),
                )
                for place in places.tolist()
            ]
            described.append(
                Row(row.kind, row.title, row.why, tuple(results), row.seed, row.genre, row.window)
            )
        return tuple(described)

    def _reasons(self, row: Row, place: int, favourite: list[Reason]) -> tuple[Reason, ...]:
        state = self.state
        film, likes = state.catalogue.films[place], state.catalogue.likes
        if row.seed is not None:
            return (Reason(ReasonKind.BECAUSE_YOU_LIKED, row.seed.title, row.seed.movie_id),)
        matches = reasons.genre_match(film, favourite)
        return (*matches, *reasons.popularity(likes[Window.ALL][place], state.head_likes))

    def _like(self, live: Live, seed: int) -> tuple[Row, Rows] | None:
        """Return the best for the person of the films nearest to a liked one, which is a column."""
        vectors = live.bundle.neighbours.vectors
        cosines = np.where(self.open[live.rows] & live.known, vectors @ vectors[seed], -np.inf)
        nearest = np.argsort(-cosines, kind="stable")[: NEAREST * self.k]
        film = self.state.catalogue.films[live.rows[seed]]
        why = "Films like it, the best for you first."
        row = Row(RowKind.BECAUSE_YOU_LIKED, f"Because you liked {film.name}", why, seed=film)
        return self._taken(row, self._best_first(live.rows[nearest[cosines[nearest] > 0]]))

    def _best_first(self, rows: Rows) -> Rows:
        return rows[np.argsort(-self.scores[rows], kind="stable")]

    def _taken(self, row: Row, rows: Rows, *, least: int = LEAST) -> tuple[Row, Rows] | None:
        """Give the first films to a row; with too few of them there is none."""
        if len(rows) < least:
            return None
        self.open[rows[: self.k]] = False
        return row, rows[: self.k]


def _of_ratings(count: int, total: int) -> str:
    if count == 0:
        return f"None of your {total:,} ratings is"
    return f"{count:,} of your {total:,} ratings {'is' if count == 1 else 'are'}"
