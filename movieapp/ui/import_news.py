"""What an import would change, with what is chosen at first, said before it does; and what it did."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from movieapp.serving.histories import History
from movieapp.serving.kept import NOTHING, Kept
from movieapp.sources.exports.applying import Applied
from movieapp.sources.exports.preview import Doubtful, Matched
from movieapp.sources.exports.rows import OPINIONS, Kind, Row
from movieapp.sources.titles import name
from movieapp.ui.cards import listed
from movieapp.ui.taste_words import counted

Pairs = Sequence[tuple[int, Row]]


@dataclass(frozen=True, slots=True)
class News:
    """How many things of each sort are new, and how many `other` ones differ from what is kept."""

    ratings: int
    viewings: int
    watchlist: int
    opinions: int
    notes: int
    unlearned: int
    presets: int = 0
    other: int = 0

    @property
    def words(self) -> str:
        """What is new, in words; nothing if nothing is."""
        counts = (
            (self.ratings, "rating"),
            (self.viewings, "viewing"),
            (self.watchlist, "film for the watchlist"),
            (self.opinions, "opinion"),
            (self.notes, "note"),
            (self.unlearned, "film not to learn from"),
            (self.presets, "preset"),
        )
        parts = [counted(n, what) for n, what in counts if n]
        return listed([part.replace("film for the watchlists", "films for the watchlist") for part in parts])


def news(pairs: Pairs, history: History | None, kept: Mapping[int, Kept]) -> News:
    """Count what rows, each with its film, would bring to somebody who rated and keeps this."""

    def mine(movie_id: int) -> Kept:
        return kept.get(movie_id, NOTHING)

    def stars(movie_id: int) -> float | None:
        return None if history is None else history.stars_of(movie_id)

    def opinion(movie_id: int) -> str | None:
        one = mine(movie_id).opinion
        return None if one is None else str(one.kind)

    def note(movie_id: int) -> str | None:
        one = mine(movie_id).note
        return None if one is None else one.text

    ratings = _compared(_latest(pairs, (Kind.RATING,)), stars, lambda row: row.stars)
    opinions = _compared(_latest(pairs, OPINIONS), opinion, lambda row: str(row.kind))
    notes = _compared(_latest(pairs, (Kind.NOTE,)), note, lambda row: row.text)
    watchlist = _latest(pairs, (Kind.WATCHLIST,))
    unlearned = _latest(pairs, (Kind.UNLEARNED,))
    return News(
        ratings=ratings[0],
        viewings=_new_viewings(pairs, kept),
        watchlist=sum(mine(movie_id).listed_at is None for movie_id in watchlist),
        opinions=opinions[0],
        notes=notes[0],
        unlearned=sum(mine(movie_id).unlearned_at is None for movie_id in unlearned),
        other=ratings[1] + opinions[1] + notes[1],
    )


def done(applied: Applied) -> str:
    """Return what an import changed, in sentences."""
    added = News(
        applied.n_ratings,
        applied.n_watches,
        applied.n_watchlist,
        applied.n_opinions,
        applied.n_notes,
        applied.n_unlearned,
        applied.n_presets,
    ).words
    told = [f"Added {added}."] if added else []
    if applied.n_overwritten:
        told.append(f"Replaced {counted(applied.n_overwritten, 'rating')}.")
    if not told:
        told.append("Nothing in it is new.")
    if applied.n_kept:
        differing = "rating differs" if applied.n_kept == 1 else "ratings differ"
        told.append(f"{applied.n_kept:,} {differing} from the file’s and stayed.")
    return " ".join(told)


def first_choices(matched: tuple[Matched, ...], doubtful: tuple[Doubtful, ...]) -> dict[int, int | None]:
    """Return what is chosen of each doubtful film until somebody chooses: the most likely film, or none if
    there are others of that name, or another film of the file is that one for certain."""
    certain = {one.film.movie_id for one in matched}
    return {
        position: None
        if _is_one_of_many(film) or film.candidates[0].movie_id in certain
        else film.candidates[0].movie_id
        for position, film in enumerate(doubtful)
    }


def _is_one_of_many(film: Doubtful) -> bool:
    first, *others = (name(one.title) for one in film.candidates)
    return first in others


def _latest(pairs: Pairs, kinds: Collection[Kind]) -> dict[int, Row]:
    """Return by film its newest row of these kinds; of those without a time, the last."""
    of_kinds = [pair for pair in pairs if pair[1].kind in kinds]
    return dict(sorted(of_kinds, key=lambda pair: pair[1].at or datetime.min))


def _compared(
    rows: Mapping[int, Row], now: Callable[[int], Any], then: Callable[[Row], Any]
) -> tuple[int, int]:
    """Return how many say something where nothing is kept, and how many something else than what is."""
    before = {movie_id: now(movie_id) for movie_id in rows}
    n_new = sum(value is None for value in before.values())
    n_other = sum(value is not None and value != then(rows[movie_id]) for movie_id, value in before.items())
    return n_new, n_other


def _new_viewings(pairs: Pairs, kept: Mapping[int, Kept]) -> int:
    """Count viewings of days that are not kept; one of no day counts for a film without any other."""
    watched = [(movie_id, row.watched_on) for movie_id, row in pairs if row.kind is Kind.WATCHED]
    of_days = Counter((movie_id, seen) for movie_id, seen in watched if seen is not None)
    there = Counter((movie_id, one.watched_on) for movie_id, mine in kept.items() for one in mine.watches)
    dated = {movie_id for movie_id, _ in of_days}
    undated = {movie_id for movie_id, _ in watched if movie_id not in dated}
    n_undated = sum(not kept.get(movie_id, NOTHING).watches for movie_id in undated)
    return sum(max(n - there[key], 0) for key, n in of_days.items()) + n_undated
