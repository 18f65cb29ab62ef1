"""Why a film stands where it does for somebody: which ratings carry it, where it would be without them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from movieapp.preparation.interactions import Histories
from movieapp.serving.lists import Answer, Expected, Film, Reason
from movieapp.serving.live import Live, Scored

# So many ratings are taken away, one at a time; each costs as much as a list.
MOST_CARRYING = 5


@dataclass(frozen=True, slots=True)
class Carrying:
    """A rating that speaks for the film: the part of the taste score it carries, and the place without it."""

    film: Film
    stars: float
    share: float
    place_without: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a film stands among the `n_films` that somebody has not rated, 1 for the first, and why."""

    request_id: str
    user_id: int
    model_version: str
    film: Film
    place: int
    n_films: int
    expected: Expected | None
    reasons: tuple[Reason, ...]
    carrying: tuple[Carrying, ...]


@dataclass(frozen=True, eq=False)
class Standing:
    """A film's place in somebody's list of all films, and its places without some of their ratings.

    `sources` (n,) are columns of rated films, strongest first; `shares` and `places_without` stand beside.
    """

    place: int
    n_films: int
    sources: NDArray[np.int32]
    shares: NDArray[np.float64]
    stars: NDArray[np.float32]
    places_without: list[int]


def standing(live: Live, scored: Scored, column: int, unseen: NDArray[np.bool_]) -> Standing:
    """Work out a film's place, and what becomes of it without each of the ratings that carry most.

    `unseen` (movies,) are the films that may be in the person's list.
    """
    history = scored.history
    parts = scored.explained.contributions(np.array([column]))
    places = np.empty(0, np.int64)
    shares = np.empty(0)
    if parts is not None and parts[0].sum() > 0:
        speaks = np.where(history.columns == column, 0, parts[0])
        places = np.argsort(-speaks, kind="stable")[:MOST_CARRYING]
        places = places[speaks[places] > 0]
        shares = speaks[places] / parts[0].sum()
    unseen = unseen.copy()
    unseen[column] = True
    changed = [_without(history, place) for place in places.tolist()]
    scores = (
        live.bundle.model.scores(_stacked(changed)) if changed else np.empty((0, len(unseen)), np.float32)
    )
    return Standing(
        place=_place(scored.explained.scores, column, unseen),
        n_films=int(unseen.sum()),
        sources=history.columns[places],
        shares=shares,
        stars=history.stars[places],
        places_without=[_place(one, column, unseen) for one in scores],
    )


def explanation(live: Live, films: Sequence[Film], answer: Answer, found: Standing) -> Explanation:
    """Put a film's standing and the answer that describes it (a list of this film alone) into one.

    `films` are the catalogue's, by row.
    """
    (result,) = answer.results
    rows = live.rows[found.sources].tolist()
    carrying = zip(rows, found.stars.tolist(), found.shares.tolist(), found.places_without, strict=True)
    assert answer.user_id is not None
    return Explanation(
        request_id=answer.request_id,
        user_id=answer.user_id,
        model_version=live.about.version,
        film=result.film,
        place=found.place,
        n_films=found.n_films,
        expected=result.expected,
        reasons=result.reasons,
        carrying=tuple(Carrying(films[row], stars, share, place) for row, stars, share, place in carrying),
    )


def _place(scores: NDArray[np.float32], column: int, unseen: NDArray[np.bool_]) -> int:
    """Return the film's place among the unseen, 1 for the first; ties go to the lower column."""
    above = unseen & (scores > scores[column])
    ties = unseen[:column] & (scores[:column] == scores[column])
    return int(above.sum() + ties.sum()) + 1


def _without(history: Histories, place: int) -> Histories:
    return Histories.of_one(
        np.delete(history.columns, place),
        np.delete(history.stars, place),
        np.delete(history.rated_at, place),
        n_movies=history.n_movies,
        demographics=history.demographics,
    )


def _stacked(histories: list[Histories]) -> Histories:
    known = [one.demographics for one in histories if one.demographics is not None]
    return Histories(
        np.cumsum([0, *(len(one.columns) for one in histories)]),
        np.concatenate([one.columns for one in histories]),
        np.concatenate([one.stars for one in histories]),
        np.concatenate([one.rated_at for one in histories]),
        histories[0].n_movies,
        np.vstack(known) if known else None,
    )
