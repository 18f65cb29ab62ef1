"""Examples for the ranker: what people liked after moments of the past, described by what was known then."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from movieapp.models.hybrid.candidates import Candidates
from movieapp.models.hybrid.features import Features
from movieapp.models.hybrid.ranker import Examples
from movieapp.preparation.interactions import Histories, Interactions

# The moments, as shares of the ratings before; what is liked in the following fifth is the answer.
CUTS = tuple(percent / 100 for percent in range(30, 91, 5))
AHEAD = 0.20
# Somebody new is shown to the ranker with their first five likes as the history, as the protocol does.
FOLD_IN_LIKES = 5
MOST_NEW = 60
# Candidates that nobody liked are many: a quarter of them teaches as much.
KEPT_NEGATIVES = 0.25
BATCH = 128

Describe = Callable[[Histories], tuple[Candidates, Features]]


@dataclass(frozen=True, eq=False)
class Cohort:
    """Some people at one moment: their histories before, and (people x movies) what they liked after."""

    histories: Histories
    liked_after: csr_matrix


def cohorts(interactions: Interactions, at: int, until: int, *, seed: int) -> list[Cohort]:
    """Return the returning and the new people of the ratings from `at` up to `until`.

    Only films that somebody liked before count. New people's first likes are their history; the rest is to
    be found.
    """
    before = interactions.first(at)
    known = np.asarray(before.likes.getnnz(axis=0) > 0)
    after = np.arange(at, until)
    after = after[interactions.liked[at:until]]
    is_returning = np.asarray(before.likes.getnnz(axis=1) > 0)[interactions.rows[after]]
    is_known = known[interactions.columns[after]]
    found = [_cohort(interactions, np.arange(at), after[is_returning & is_known])]
    given, sought = _first_likes(interactions, after[~is_returning], known)
    chosen = np.unique(interactions.rows[sought])
    if len(chosen) > MOST_NEW:
        chosen = np.random.default_rng(seed).choice(chosen, MOST_NEW, replace=False)
    sought = sought[np.isin(interactions.rows[sought], chosen)]
    return [*found, _cohort(interactions, np.concatenate([np.arange(at), given]), sought)]


def examples(describe: Describe, people: list[Cohort], *, seed: int) -> Iterator[Examples]:
    """Describe the candidates of the people, in batches, and say which of them they liked."""
    rng = np.random.default_rng(seed)
    for cohort in people:
        for start in range(0, len(cohort.histories), BATCH):
            rows = np.arange(start, min(start + BATCH, len(cohort.histories)))
            chosen, described = describe(cohort.histories.take(rows))
            liked = cohort.liked_after[rows].toarray()
            found = np.take_along_axis(liked, np.maximum(chosen.columns, 0), axis=1) > 0
            is_liked = found & (chosen.columns >= 0)
            kept = is_liked | ((rng.random(is_liked.shape) < KEPT_NEGATIVES) & (chosen.columns >= 0))
            # Whoever liked none of the candidates says nothing about their order.
            kept &= is_liked.any(axis=1, keepdims=True)
            sizes = kept.sum(axis=1)
            yield Examples(described.values[kept], is_liked[kept], sizes[sizes > 0])


def _first_likes(
    interactions: Interactions, likes: NDArray[np.int64], known: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Split new people's likes into the first five, as far as known films are among them, and the rest."""
    rows = interactions.rows[likes]
    order = np.argsort(rows, kind="stable")
    starts = np.searchsorted(rows[order], rows[order])
    place = np.empty(len(likes), np.int64)
    place[order] = np.arange(len(likes)) - starts
    is_known = known[interactions.columns[likes]]
    likes, place = likes[is_known], place[is_known]
    has_started = np.isin(interactions.rows[likes], interactions.rows[likes[place < FOLD_IN_LIKES]])
    likes, place = likes[has_started], place[has_started]
    return likes[place < FOLD_IN_LIKES], likes[place >= FOLD_IN_LIKES]


def _cohort(interactions: Interactions, history: NDArray[np.int64], liked: NDArray[np.int64]) -> Cohort:
    """Return the people who like something of `liked`, with their part of `history` (places of ratings)."""
    people = np.unique(interactions.rows[liked])
    return Cohort(
        interactions.at(history).histories.take(people), interactions.at(liked).histories.matrix[people]
    )
