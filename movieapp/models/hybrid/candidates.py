"""Candidates: the films that any of many models puts near the top for somebody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from movieapp.models.base import Scores
from movieapp.models.hybrid.trends import Trends
from movieapp.preparation.interactions import Histories

# The signals whose best rank decides; the others are features only.
RETRIEVING = frozenset(
    {
        *("ease", "ease_decayed", "ease_session", "ease_last", "ease_rated"),
        *("als16", "als64", "als_rated", "knn", "knn_recent", "next_liked", "next_rated"),
        *("people", "people_recent", "people_recent4", "people_return"),
        *("popular_week", "popular_month", "popular", "liked_again_month"),
    }
)
# Reciprocal ranks are added with this constant (Cormack et al., 2009, who took 60).
FUSION = 20.0
# Of what somebody has seen, so many films are ranked too, for lists that do not leave them out.
MOST_SEEN = 100


@dataclass(frozen=True, eq=False)
class Candidates:
    """The films to rank for some people, and how each model ranks every film.

    `columns` (people x n) int32, best first, seen ones last, -1 pads; the others are (people x movies):
    `ranks` int32 by signal, 0 best; `fused` float64 sums of reciprocal ranks; `is_open` bool, known and not
    seen, the films that ranks count; `order` float64, higher for better candidates.
    """

    columns: NDArray[np.int32]
    ranks: dict[str, NDArray[np.int32]]
    fused: NDArray[np.float64]
    is_open: NDArray[np.bool_]
    order: NDArray[np.float64]


def candidates(
    trends: Trends,
    histories: Histories,
    signals: dict[str, Scores],
    *,
    n: int,
    known: NDArray[np.bool_],
    with_seen: bool,
) -> Candidates:
    """Choose n films for each person by the best rank that any model gives."""
    shape = (len(histories), histories.n_movies)
    is_open = np.broadcast_to(known, shape).copy()
    is_open[histories.rows, histories.columns] = False
    orders = by_rows(_in_order, signals)
    orders |= {name: np.broadcast_to(order, shape) for name, order in trends.orders.items()}
    ranks = by_rows(lambda order: _ranks(order, is_open), orders)
    retrieving = [ranks[name] for name in orders if name in RETRIEVING]
    fused = np.zeros(shape)
    for places in retrieving:
        fused += 1.0 / (places + FUSION)
    order = fused / 100 - np.minimum.reduce(retrieving)
    chosen = _first(np.where(is_open, order, -np.inf), n)
    if with_seen:
        seen = np.zeros(shape, bool)
        seen[histories.rows, histories.columns] = True
        most = min(MOST_SEEN, int(np.diff(histories.indptr).max(initial=0)))
        chosen = np.hstack([chosen, _first(np.where(seen & known, order, -np.inf), most)])
    return Candidates(chosen, ranks, fused, is_open, order)


def by_rows(
    work: Callable[[NDArray[Any]], NDArray[Any]], arrays: dict[str, NDArray[Any]]
) -> dict[str, NDArray[Any]]:
    """Return what `work`, which treats each row by itself, makes of each array (people x movies).

    For one person it takes longer to begin with an array than to work it out: theirs go in as one array.
    """
    if any(len(array) != 1 for array in arrays.values()):
        return {name: work(array) for name, array in arrays.items()}
    rows = work(np.concatenate(list(arrays.values())))
    return {name: rows[place : place + 1] for place, name in enumerate(arrays)}


def _ranks(order: NDArray[np.int64], is_open: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return how many open films stand before each film, from the columns in order, best first."""
    there = np.take_along_axis(np.broadcast_to(is_open, order.shape), order, axis=1)
    before = np.cumsum(there, axis=1, dtype=np.int32) - there
    ranks = np.empty(order.shape, np.int32)
    np.put_along_axis(ranks, order, before.astype(np.int32), axis=1)
    return ranks


def _in_order(scores: Scores) -> NDArray[np.int64]:
    """Return the columns of finite float32 scores in order, best first; ties go to the lower column.

    Sorting numbers that hold the score and the column takes a fifth of a stable sort by score.
    """
    # Bits of floats compare as integers do, once those of negative ones are turned around.
    bits = (np.float32(0) - scores).view(np.int32).astype(np.int64)
    keys = np.where(bits < 0, bits ^ 0x7FFFFFFF, bits) * (1 << 32) + np.arange(scores.shape[1])
    keys.sort(axis=1)
    return keys & 0xFFFFFFFF


def _first(order: NDArray[np.float64], n: int) -> NDArray[np.int32]:
    """Return the n columns with the highest finite values, best first; -1 pads."""
    n = min(n, order.shape[1])
    columns = np.argsort(-order, axis=1, kind="stable")[:, :n].astype(np.int32)
    columns[np.isneginf(np.take_along_axis(order, columns, axis=1))] = -1
    return columns
