"""From scores to a list: the best allowed films in order, and the reasons for each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from movieapp.preparation.interactions import LIKE
from movieapp.serving import reasons
from movieapp.serving.catalogue import Catalogue, Mask
from movieapp.serving.lists import Reason, ReasonKind, Result, Window
from movieapp.serving.live import Live, Scored
from movieapp.serving.profiles import History


@dataclass(frozen=True, eq=False)
class State:
    """Everything that is replaced together; `number` grows with each replacement.

    `genre_shares` (genres,) and `head_likes` are what reasons compare a person and a film with.
    """

    number: int
    catalogue: Catalogue
    genre_shares: NDArray[np.float64]
    head_likes: float
    live: Live | None

    @classmethod
    def of(cls, number: int, catalogue: Catalogue, live: Live | None) -> "State":
        """Work out what is the same for everybody."""
        return cls(number, catalogue, reasons.genre_shares(catalogue), reasons.head_likes(catalogue), live)


@dataclass(frozen=True, slots=True)
class PersonalList:
    """Results, and whether the model's scores of the person made them."""

    results: tuple[Result, ...]
    is_personal: bool


def personal_list(state: State, history: History | None, allowed: Mask, k: int) -> PersonalList:
    """Return the k best of the allowed films for somebody.

    Films that the model says nothing about come after the others, by popularity, without a score: a list
    is never shorter than the films that match.
    """
    scored = state.live.score(history) if state.live is not None and history is not None else None
    rows, scores = _best_rows(state, scored, allowed, k)
    because = _because(state, scored, rows, scores)
    favourites = [Reason(ReasonKind.GENRE_MATCH, genre) for genre in _favourites(state, history)]
    likes = state.catalogue.likes[Window.ALL]
    results = []
    for place, row in enumerate(rows.tolist()):
        film = state.catalogue.films[row]
        why = (
            *(because[place] if place < len(because) else ()),
            *reasons.genre_match(film, favourites),
            *reasons.popularity(likes[row], state.head_likes),
        )
        results.append(Result(film, scores[place] if place < len(scores) else None, None, why))
    return PersonalList(tuple(results), scored is not None)


def similar_list(state: State, live: Live, seeds: Sequence[int], allowed: Mask, k: int) -> tuple[Result, ...]:
    """Return the k allowed films nearest to the mean of the seeds (columns), with their cosines."""
    vectors = live.bundle.neighbours.vectors
    mean = vectors[list(seeds)].mean(axis=0)
    may = allowed[live.rows] & live.known
    may[list(seeds)] = False
    columns, cosines = live.bundle.neighbours.nearest(mean, k, allowed=may)
    # The parts add up to the cosine: each seed's own, over the number of seeds and the mean's length.
    length = max(float(np.linalg.norm(mean)), 1e-12)
    parts = vectors[columns] @ vectors[list(seeds)].T / (len(seeds) * length)
    films = state.catalogue.films
    because = reasons.films_behind(
        ReasonKind.SIMILAR_TO, lambda seed: films[live.rows[seeds[seed]]], parts, cosines
    )
    return tuple(
        Result(films[row], cosine, None, tuple(why))
        for row, cosine, why in zip(live.rows[columns].tolist(), cosines.tolist(), because, strict=True)
    )


def popular_list(state: State, window: Window, allowed: Mask, k: int) -> tuple[Result, ...]:
    """Return the k allowed films with the most likes in the window; the score is their number.

    A film without a like in a window is not popular in it; of all time, such films end the list.
    """
    catalogue = state.catalogue
    likes = catalogue.likes[window]
    head = state.head_likes
    if window is not Window.ALL:
        allowed = allowed & (likes > 0)
        # "Liked by many" speaks of all time, beside a score that does not.
        head = np.inf
    return tuple(
        Result(
            catalogue.films[row],
            float(likes[row]),
            None,
            tuple(reasons.popularity(likes[row], head)),
        )
        for row in _most_liked(catalogue, window, allowed, k).tolist()
    )


def _best_rows(
    state: State, scored: Scored | None, allowed: Mask, k: int
) -> tuple[NDArray[np.int64], list[float]]:
    """Return the catalogue rows of the list, and the scores of those at its head that have one."""
    rows = np.empty(0, np.int64)
    scores: list[float] = []
    if scored is not None and state.live is not None:
        of_allowed = np.where(allowed[state.live.rows], scored.explained.scores, -np.inf)
        columns = _top(of_allowed, k)
        rows = state.live.rows[columns]
        scores = of_allowed[columns].tolist()
    if len(rows) < k:
        rest = allowed.copy()
        rest[rows] = False
        rows = np.concatenate([rows, _most_liked(state.catalogue, Window.ALL, rest, k - len(rows))])
    return rows, scores


def _top(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the places of the k highest finite scores, highest first; ties go to the lower place."""
    if 0 < k < len(scores):
        edge = np.partition(scores, len(scores) - k)[len(scores) - k]
        places = np.flatnonzero(scores >= edge)
    else:
        places = np.arange(len(scores))
    places = places[scores[places] > -np.inf]
    return places[np.argsort(-scores[places], kind="stable")][:k]


def _most_liked(catalogue: Catalogue, window: Window, allowed: Mask, k: int) -> NDArray[np.int64]:
    """Return the rows of the k most liked films of the window, then of all time, then the most rated."""
    order = catalogue.by_likes[window]
    return order[allowed[order]][:k]


def _favourites(state: State, history: History | None) -> tuple[str, ...]:
    if history is None:
        return ()
    liked = history.movie_ids[history.stars >= LIKE]
    rows = np.searchsorted(state.catalogue.movie_ids, liked)
    return reasons.favourite_genres(state.catalogue, rows, state.genre_shares)


def _because(
    state: State, scored: Scored | None, rows: NDArray[np.int64], scores: list[float]
) -> list[list[Reason]]:
    """Return the liked films behind each scored place."""
    live = state.live
    if live is None or scored is None or not scores:
        return []
    parts = scored.explained.contributions(live.columns[rows[: len(scores)]])
    if parts is None:
        return []
    films, sources = state.catalogue.films, live.rows[scored.history.columns]
    # In a ranked set of candidates a film may stand that the person likes: it is no reason for itself.
    parts = np.where(rows[: len(scores), None] == sources, 0, parts)
    return reasons.films_behind(
        ReasonKind.BECAUSE_YOU_LIKED, lambda source: films[sources[source]], parts, np.array(scores)
    )
